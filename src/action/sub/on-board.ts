import { toFlashError } from "../../base/errors.js";
import type { ErrorCode } from "../../base/errors.js";
import type { BoardDeps, BoardWish } from "../../flash/work-on-board.js";
import type { Transport } from "../../transport/transport.js";
import { claimForStep } from "../claim-for-step.js";
import type { InputValues } from "../input-values.js";
import { runPowerCycle } from "../power-cycle.js";
import type { Surroundings } from "../step-frame.js";

/** Inputs of every sub-action that takes a board: which one, and how it is kept from others. */
export const boardInputs = [
  "port",
  "waitForPortMs",
  "lock",
  "lockTimeoutMs",
  "lockDir",
] as const satisfies readonly (keyof InputValues)[];

/** Inputs of those that speak to the loader. */
export const loaderInputs = [
  "expectMac",
  "powerCycle",
  "chip",
  "before",
  "after",
  "resetSequence",
  "connectAttempts",
] as const satisfies readonly (keyof InputValues)[];

type BoardInputs = Pick<InputValues, (typeof boardInputs)[number]>;
type LoaderInputs = Pick<InputValues, (typeof loaderInputs)[number]>;

/** How to get to the board and to leave it, as the inputs say. */
export function boardWish(inputs: LoaderInputs): Omit<BoardWish, "baud" | "stub"> {
  const { chip, expectMac, before, after, resetSequence, connectAttempts } = inputs;
  return {
    chip,
    before,
    after,
    connectAttempts,
    settings: {},
    ...(expectMac !== undefined && { expectMac }),
    ...(resetSequence !== undefined && { resetSequence }),
  };
}

/**
 * Takes the board, opens its port for `work`, closes it and gives the board back. `facts.port` says where it was found.
 * `wish`: how a board is asked for its MAC, and left if the step is cut short.
 */
export async function onBoard<Outcome>(
  inputs: BoardInputs & Partial<LoaderInputs>,
  wish: Pick<InputValues, "before" | "after" | "resetSequence">,
  facts: { port?: string },
  surroundings: Surroundings,
  work: (transport: Transport, deps: BoardDeps) => Promise<Outcome>,
): Promise<Outcome> {
  const { clock, signal, reporter } = surroundings;
  const { powerCycle } = inputs;
  reporter.openGroup("Find the board");
  const board = await claimForStep({ ...inputs, ...wish }, surroundings);
  reporter.closeGroup();
  facts.port = board.port;
  let code: ErrorCode | undefined;
  try {
    const transport = await board.open();
    try {
      return await work(transport, {
        clock,
        signal,
        emit: reporter.listener,
        onIdentified: (mac) => board.identified(mac),
        ...(powerCycle && { powerCycle: () => runPowerCycle(powerCycle, { clock, signal }) }),
      });
    } finally {
      await transport.close();
    }
  } catch (thrown) {
    ({ code } = toFlashError(thrown));
    throw thrown;
  } finally {
    facts.port = board.port;
    board.release(code);
  }
}
