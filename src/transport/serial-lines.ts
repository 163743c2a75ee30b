import { lacksBreak, meansNoLines, noLinesError, wordsOf } from "./serial-errors.js";
import type { ControlLines } from "./transport.js";

/** What the lines need of an open port: serialport's binding has it. */
interface LinePort {
  /** Only the Unix bindings have one. */
  readonly fd?: number | null;
  set(state: object): Promise<void>;
}

export type SetLines = (fileDescriptor: number, lines: ControlLines) => void;

/**
 * Sets both lines of a port: through the addon, or for good by an ioctl of our own from the first time that the driver
 * has no break signal on, which the addon takes for a failure before it comes to the lines. Rejects with `port/no-lines`,
 * or with what the system said.
 */
export function createLineSetter(
  port: string,
  onMessage: (text: string) => void,
  loadIoctl: () => Promise<SetLines> = loadSetLines,
): (target: LinePort, lines: ControlLines) => Promise<void> {
  let byIoctl: SetLines | undefined;

  /** Every call names everything: the addon sets what is left out to its own defaults, DTR and RTS asserted. */
  async function setByAddon(target: LinePort, lines: ControlLines): Promise<void> {
    await target.set({ ...lines, brk: false, cts: false, lowLatency: true });
  }

  async function switchToIoctl(thrown: unknown): Promise<SetLines> {
    const loaded = await loadIoctl().catch((problem: unknown) => {
      throw noLinesError(port, `${wordsOf(thrown)}; the way around it does not load: ${wordsOf(problem)}`, problem);
    });
    onMessage(`The driver of ${port} has no break signal, so DTR and RTS are set by an ioctl of our own.`);
    return loaded;
  }

  return async (target, lines) => {
    try {
      if (byIoctl === undefined) {
        await setByAddon(target, lines);
        return;
      }
    } catch (thrown) {
      if (!lacksBreak(thrown)) throw meansNoLines(thrown) ? noLinesError(port, wordsOf(thrown), thrown) : thrown;
      byIoctl = await switchToIoctl(thrown);
    }
    try {
      byIoctl(target.fd ?? -1, lines);
    } catch (thrown) {
      throw meansNoLines(thrown) ? noLinesError(port, wordsOf(thrown), thrown) : thrown;
    }
  };
}

/** Loaded only on ports that need it. */
async function loadSetLines(): Promise<SetLines> {
  return (await import("./serial-ioctl.js")).setLinesByIoctl;
}
