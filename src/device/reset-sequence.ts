import { FlashError } from "../base/errors.js";
import type { ControlLines } from "../transport/transport.js";

/** A state of the lines, or a pause in milliseconds. */
export type ResetStep = ControlLines | number;

/** A step that waits longer is a slip of the pen. */
const MAX_WAIT_S = 60;

function invalid(token: string, reason: string): FlashError {
  const message = `The reset sequence has the step ${JSON.stringify(token)}: ${reason}.`;
  return new FlashError("input/invalid", message, { token });
}

/**
 * Reads a reset sequence as esptool's configuration writes it: steps divided by `|`, each `D0` or `D1` (DTR), `R0` or `R1`
 * (RTS), `U1,0` (both at once, DTR first) or `W0.1` (wait, in seconds). 1 is asserted; both lines begin at 0. Strict: no
 * empty step, no other sign. Throws input/invalid with the step that is wrong.
 */
export function parseResetSequence(text: string): readonly ResetStep[] {
  let lines: ControlLines = { dtr: false, rts: false };
  return text.split("|").map((token) => {
    const [, kind = "", first = "", second = ""] = /^([DRU])([01])(?:,([01]))?$/.exec(token) ?? [];
    if (kind !== "" && (kind === "U") === (second !== "")) {
      if (kind === "U") lines = { dtr: first === "1", rts: second === "1" };
      else lines = kind === "D" ? { ...lines, dtr: first === "1" } : { ...lines, rts: first === "1" };
      return lines;
    }
    const [, seconds] = /^W(\d{1,2}(?:\.\d{1,6})?)$/.exec(token) ?? [];
    if (seconds === undefined) throw invalid(token, "it is none of D0, D1, R0, R1, U0,1 and W0.1");
    if (Number(seconds) > MAX_WAIT_S) throw invalid(token, `it waits longer than ${MAX_WAIT_S} s`);
    return Number(seconds) * 1000;
  });
}
