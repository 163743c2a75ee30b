import { meansNoLines, noLinesError, wordsOf } from "./serial-errors.js";
import type { ControlLines } from "./transport.js";

/** What the lines need of an open port: serialport's binding has it. */
interface LinePort {
  /** Only the Unix bindings have one. */
  readonly fd?: number | null;
  set(state: object): Promise<void>;
}

export type SetLines = (fileDescriptor: number, lines: ControlLines) => void;

/**
 * Sets both lines of a port: through the addon, or on Linux by an ioctl of our own where the addon cannot. It ends a
 * break signal before it comes to the lines, and gives up where the driver knows no break: since 6.6, cdc-acm says
 * EOPNOTSUPP then (serialport/bindings-cpp issue 229) and usb-serial ENOTTY, as ports without lines do. What worked
 * is kept. Rejects with `port/no-lines`, or with what the system said.
 */
export function createLineSetter(
  port: string,
  onMessage: (text: string) => void,
  loadIoctl: () => Promise<SetLines> = loadSetLines,
): (target: LinePort, lines: ControlLines) => Promise<void> {
  let byIoctl: SetLines | undefined;

  /** Every call names everything: the addon sets what is left out to its own defaults, DTR and RTS asserted. */
  function setByAddon(target: LinePort, lines: ControlLines): Promise<void> {
    return target.set({ ...lines, brk: false, cts: false, lowLatency: true });
  }

  function setByIoctl(set: SetLines, target: LinePort, lines: ControlLines): void {
    try {
      set(target.fd ?? -1, lines);
    } catch (thrown) {
      throw meansNoLines(thrown) ? noLinesError(port, wordsOf(thrown), thrown) : thrown;
    }
  }

  return async (target, lines) => {
    if (byIoctl !== undefined) {
      setByIoctl(byIoctl, target, lines);
      return;
    }
    try {
      await setByAddon(target, lines);
    } catch (refusal) {
      if (!meansNoLines(refusal)) throw refusal;
      if (process.platform !== "linux") throw noLinesError(port, wordsOf(refusal), refusal);
      const set = await loadIoctl().catch((problem: unknown) => {
        throw noLinesError(port, `${wordsOf(refusal)}; koffi does not load: ${wordsOf(problem)}`, problem);
      });
      setByIoctl(set, target, lines);
      byIoctl = set;
      onMessage(`The driver of ${port} knows no break signal, so DTR and RTS are set by an ioctl, not by serialport.`);
    }
  };
}

/** Loaded only where the addon could not set the lines. */
async function loadSetLines(): Promise<SetLines> {
  return (await import("./serial-ioctl.js")).setLinesByIoctl;
}
