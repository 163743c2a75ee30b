import { FlashError, hasCode } from "../base/errors.js";
import { LOWEST_BAUD } from "../device/baud-rates.js";
import type { Device } from "../device/device.js";

/** One way to speak to a board that has not answered yet. */
export interface Approach {
  readonly baud: number;
  readonly attempts: number;
  readonly port: "as it is" | "reopened";
}

interface ContactDeps {
  /** The job resets the board; one that is to be in its loader already would not come back to it. */
  readonly canReset: boolean;
  readonly hasRate: boolean;
  /** Tells how it went. */
  readonly powerCycle: (() => Promise<string>) | undefined;
  readonly say: (level: "info" | "warning", text: string) => void;
}

/** Nobody answers, for a reason that the board does not tell. One that starts its firmware would do so again. */
const UNANSWERED = ["connect/silent", "connect/no-sync", "connect/no-reply"] as const;

const FURTHER_ATTEMPTS = 2;

/**
 * The first contact: as asked, then with the port opened anew, at a lower rate, and after a power cycle where the job has
 * a way to one. Throws what `open` throws; where nothing helped, the first verdict, and all that was tried.
 */
export async function contactBoard(
  first: Approach,
  open: (approach: Approach) => Promise<Device>,
  deps: ContactDeps,
): Promise<Device> {
  const { canReset, hasRate, powerCycle, say } = deps;
  const tried: string[] = [];
  let verdict: FlashError | undefined;
  const attempt = async (what: string, approach: Approach): Promise<Device | undefined> => {
    try {
      return await open(approach);
    } catch (error) {
      if (!hasCode(error, ...UNANSWERED)) throw error;
      verdict ??= error;
      tried.push(what);
      say("info", `No answer: ${what}.`);
      return undefined;
    }
  };

  const times = first.attempts === 1 ? "once" : `${first.attempts} times`;
  const asAsked = await attempt(`${canReset ? "reset and " : ""}called ${times} at ${first.baud} baud`, first);
  if (asAsked !== undefined) return asAsked;
  if (!canReset) throw verdictOf(verdict, tried);

  const again: Approach = { ...first, attempts: Math.min(first.attempts, FURTHER_ATTEMPTS), port: "reopened" };
  const reopened = await attempt("opened the port anew", again);
  if (reopened !== undefined) return reopened;
  if (hasRate && first.baud > LOWEST_BAUD) {
    const slow = await attempt(`called at ${LOWEST_BAUD} baud`, { ...again, baud: LOWEST_BAUD, port: "as it is" });
    if (slow !== undefined) return slow;
  }
  if (powerCycle !== undefined) {
    say("warning", "The board does not answer: its power is switched off and on.");
    const outcome = await powerCycle();
    const cycled = await attempt(outcome, { ...first, port: "reopened" });
    if (cycled !== undefined) return cycled;
  }
  throw verdictOf(verdict, tried);
}

/** To a board that has answered before: as at first, then with the port opened anew, as a dead link does not say so. */
export async function contactAgain(first: Approach, open: (approach: Approach) => Promise<Device>): Promise<Device> {
  try {
    return await open(first);
  } catch (error) {
    if (!hasCode(error, ...UNANSWERED)) throw error;
    return open({ ...first, attempts: Math.min(first.attempts, FURTHER_ATTEMPTS), port: "reopened" });
  }
}

function verdictOf(verdict: FlashError | undefined, tried: readonly string[]): FlashError {
  const { code, message, details } = verdict ?? new FlashError("connect/silent", "The board did not answer.");
  return new FlashError(code, `${message} Tried: ${tried.join("; ")}.`, details, verdict);
}
