const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const MAX_LINE_BYTES = 1024;

/** Cuts what the host types into lines, as an app's console does: either end of line, or both, end one. */
export function createConsoleInput(onLine: (line: Uint8Array) => void): { push(byte: number): void; clear(): void } {
  let typed: number[] = [];
  return {
    push(byte) {
      if (byte !== CARRIAGE_RETURN && byte !== LINE_FEED) {
        if (typed.length < MAX_LINE_BYTES) typed.push(byte);
        return;
      }
      if (typed.length === 0) return;
      const line = Uint8Array.from(typed);
      typed = [];
      onLine(line);
    },
    clear() {
      typed = [];
    },
  };
}
