import { FlashError } from "../base/errors.js";
import type { FlashJob } from "../flash/job.js";
import type { JobChoice } from "../flash/flash-device.js";
import { parsePortSelector } from "../ports/selector.js";
import type { BoardPlan } from "./plans.js";

/** What is known of a board when its firmware is chosen. */
interface Candidate {
  /** As it was asked for. */
  readonly name: string;
  readonly port: string;
}

/** What its loader tells. */
interface Identified {
  readonly chip: string;
  readonly mac: string;
}

type Answer = "yes" | "no" | "unknown";

const MAC = /^(?:mac:)?((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/i;

function keyFits(key: string, { name, port }: Candidate, known: Identified | undefined): Answer {
  if (key === name || key === port) return "yes";
  const mac = MAC.exec(key)?.[1]?.toLowerCase();
  if (mac !== undefined) {
    const named = known?.mac ?? MAC.exec(name)?.[1]?.toLowerCase();
    if (named === undefined) return "unknown";
    return named === mac ? "yes" : "no";
  }
  const selector = /^[/\\]|^COM/i.test(key) ? parsePortSelector(key) : undefined;
  if (selector?.kind !== "glob") return "no";
  const { folder, pattern } = selector;
  const isLike = (path: string): boolean => path.startsWith(folder) && pattern.test(path.slice(folder.length));
  return isLike(port) || isLike(name) ? "yes" : "no";
}

function fits({ board, chip }: BoardPlan, candidate: Candidate, known: Identified | undefined): Answer {
  const byKey = board === undefined ? "yes" : keyFits(board, candidate, known);
  if (byKey !== "yes" || chip === undefined) return byKey;
  if (known === undefined) return "unknown";
  return known.chip === chip ? "yes" : "no";
}

/** Plans that a board may get, the first that fits before all others; more than one only where the board has to tell. */
export function possiblePlans(
  plans: readonly BoardPlan[],
  candidate: Candidate,
  known?: Identified,
): readonly BoardPlan[] {
  const possible: BoardPlan[] = [];
  for (const plan of plans) {
    const answer = fits(plan, candidate, known);
    if (answer !== "no") possible.push(plan);
    if (answer === "yes") break;
  }
  return possible;
}

/**
 * The job of a board, or how it is chosen once the board has told its chip and MAC; `onChosen` hears of the plan. Throws
 * `plan/no-firmware`.
 */
export function jobFor(
  plans: readonly BoardPlan[],
  candidate: Candidate,
  onChosen: (plan: BoardPlan) => void,
): FlashJob | JobChoice {
  const [plan, ...more] = possiblePlans(plans, candidate);
  if (plan === undefined) throw noFirmware(`No entry of \`firmware-map\` fits this board`);
  // With a chip of its own the plan says which one is wanted, so another is refused as soon as it tells.
  if (more.length === 0 && plan.chip === undefined && fits(plan, candidate, undefined) === "yes") {
    onChosen(plan);
    return plan.job;
  }
  return {
    wish: { ...plan.job, chip: "auto", settings: {} },
    choose(known) {
      const [chosen] = possiblePlans(plans, candidate, known);
      if (chosen === undefined)
        throw noFirmware(`This board has the chip ${known.chip} and the MAC ${known.mac}`, known);
      onChosen(chosen);
      return chosen.job;
    },
  };
}

function noFirmware(what: string, known?: Identified): FlashError {
  return new FlashError("plan/no-firmware", `${what}: the step has no firmware for it.`, known && { ...known });
}
