import { FlashError } from "../../base/errors.js";
import { resetByLines } from "../../device/reset.js";
import { readBoardInfo } from "../../flash/board-info.js";
import type { BoardDeps } from "../../flash/work-on-board.js";
import { bootError } from "../../monitor/boot-error.js";
import type { BootReport } from "../../monitor/report.js";
import type { Transport } from "../../transport/transport.js";
import { createBootCheck } from "../boot-check.js";
import type { InputValues, ResetMethod } from "../input-values.js";
import { switchPower } from "../power-cycle.js";
import { factSummary } from "./board-outputs.js";
import { boardInputs, onBoard } from "./on-board.js";
import type { Notes, SubAction } from "./sub-action.js";

interface ResetFacts {
  readonly port: string;
  readonly method: ResetMethod;
  readonly boot: BootReport;
  readonly bootLog: string;
}

const inputs = [
  ...boardInputs,
  "method",
  "resetSequence",
  "powerCycle",
  "chip",
  "bootCheck",
  "consolePort",
  "consoleBaud",
  "expect",
  "failOn",
  "bootTimeoutMs",
  "settleMs",
  "timeoutMs",
] as const;

type ResetInputs = Pick<InputValues, (typeof inputs)[number]>;

/** How a board is left if the step is cut short. */
const LEAVING = { before: "default-reset", after: "hard-reset", resetSequence: undefined } as const;
/** A board that waits in its loader answers at once. */
const LOADER_ATTEMPTS = 3;

type Reset = (asked: ResetInputs, transport: Transport, deps: BoardDeps) => Promise<unknown>;

/** Resets by method. None but `watchdog` speaks to the chip. */
const resets: Readonly<Record<ResetMethod, Reset>> = {
  rts: (_asked, transport, { clock, signal }) => resetByLines(transport, "rts", clock, signal),
  usb: (_asked, transport, { clock, signal }) => resetByLines(transport, "usb", clock, signal),
  sequence: ({ resetSequence = [] }, transport, { clock, signal }) =>
    resetByLines(transport, resetSequence, clock, signal),
  async "power-cycle"({ powerCycle }, _transport, deps) {
    if (powerCycle === undefined) return;
    const { worked, text } = await switchPower(powerCycle, deps);
    if (!worked) throw new FlashError("port/power-cycle", `${text}.`);
  },
  watchdog: ({ chip }, transport, deps) => {
    const waiting = { before: "no-reset", connectAttempts: LOADER_ATTEMPTS } as const;
    return readBoardInfo(transport, { chip, ...waiting, after: "watchdog-reset" }, deps);
  },
};

/** Inputs that a method is nothing without, and that mean nothing to the others. */
const partners = { sequence: "reset-sequence", "power-cycle": "power-cycle" } as const;

function checkPartners({ method, resetSequence, powerCycle }: ResetInputs): void {
  const given = { sequence: resetSequence !== undefined, "power-cycle": powerCycle !== undefined };
  for (const [name, input] of Object.entries(partners) as ["sequence" | "power-cycle", string][]) {
    if (given[name] === (method === name)) continue;
    const why = given[name] ? `only counts with \`method: ${name}\`` : `is not set, but \`method: ${name}\` needs it`;
    throw new FlashError("input/conflict", `\`${input}\` ${why}.`, { inputs: ["method", input] });
  }
}

/** `reset/`: resets a board without its loader, and watches how it boots. */
export const resetAction: SubAction<(typeof inputs)[number], ResetFacts> = {
  inputs,
  check: checkPartners,
  firstLine: (text) => `Reset the board at ${text("port")}`,
  async work(asked, facts, surroundings) {
    const { method, bootCheck, chip } = asked;
    await onBoard(asked, LEAVING, facts, surroundings, async (transport, deps) => {
      const boot = createBootCheck(transport, asked.port, surroundings);
      try {
        if (bootCheck === "on") await boot.begin(asked, chip === "auto" ? {} : { chip });
        await resets[method](asked, transport, deps);
        facts.method = method;
        const seen = await boot.finish();
        if (seen === undefined) return;
        facts.boot = seen.report;
        facts.bootLog = seen.logFile;
        const error = bootError(seen.report);
        if (error !== undefined) throw error;
      } finally {
        await boot.close();
      }
    });
  },
  outputs: {
    port: ({ port = "" }) => port,
    "boot-verdict": ({ boot }) => boot?.verdict ?? "",
    "boot-log": ({ bootLog = "" }) => bootLog,
    boot: ({ boot }) => (boot === undefined ? "" : JSON.stringify(boot)),
  },
  closingLine: ({ port = "", boot }: Notes<ResetFacts>) =>
    boot === undefined ? `Reset the board at ${port}` : `Reset the board at ${port}: ${boot.verdict}`,
  summary: ({ port = "", method = "", boot }, error) =>
    factSummary(
      "ESP32 reset",
      [
        ["Port", port],
        ["Method", method],
        ["Boot", boot === undefined ? "" : `${boot.verdict}: ${boot.reason}`],
      ],
      error,
    ),
};
