import { cleanLine } from "./clean-line.js";
import type { CleanLine } from "./clean-line.js";

/** A longer line is cut. It bounds memory and the time of a pattern on one line. */
const MAX_LINE_BYTES = 2048;
const LF = 0x0a;
const CR = 0x0d;

/** Makes lines of bytes that come in any pieces; what comes out does not depend on the pieces. */
export interface LineAssembler {
  /** The lines that these bytes complete. Lines end with CR, LF or both; empty ones are left out. */
  push(bytes: Uint8Array): CleanLine[];
  /** The line that has no end yet. */
  partial(): CleanLine;
  /** Ends the open line, as when the link is lost. */
  flush(): CleanLine[];
}

export function createLineAssembler(): LineAssembler {
  const open = new Uint8Array(MAX_LINE_BYTES);
  let used = 0;

  function end(): CleanLine[] {
    const line = cleanLine(open.subarray(0, used));
    used = 0;
    return line.text === "" && line.noiseBytes === 0 ? [] : [line];
  }

  return {
    push(bytes) {
      const lines: CleanLine[] = [];
      for (const byte of bytes) {
        if (byte === LF || byte === CR) {
          lines.push(...end());
          continue;
        }
        if (used === MAX_LINE_BYTES) lines.push(...end());
        open[used++] = byte;
      }
      return lines;
    },
    partial: () => cleanLine(open.subarray(0, used)),
    flush: end,
  };
}
