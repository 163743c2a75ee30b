import { getInput, info, setOutput } from "@actions/core";
import { systemClock } from "../../base/clock.js";
import type { Clock } from "../../base/clock.js";
import type { FlashError } from "../../base/errors.js";
import { formatSeconds } from "../format.js";
import type { Host } from "../host.js";
import { readRows } from "../input-rows.js";
import type { InputValues } from "../input-values.js";
import { redactUrl } from "../../firmware/url.js";
import { plainLine } from "../plain-text.js";
import { maskSecrets } from "../secrets.js";
import { runFramed, writeSummary } from "../step-frame.js";
import type { Surroundings } from "../step-frame.js";

/** What a sub-action learns on the way; told at the end even if it fails. */
export type Notes<Facts> = { -readonly [Key in keyof Facts]?: Facts[Key] };

/** A sub-action: its inputs and outputs in the order of its action.yml, and its work. */
export interface SubAction<Key extends keyof InputValues, Facts> {
  readonly inputs: readonly Key[];
  /** What no row of the inputs can tell alone; throws `input/conflict`. */
  readonly check?: (inputs: Pick<InputValues, Key>) => void;
  /** The first line of the log, from the inputs as they are written. */
  readonly firstLine: (text: (name: string) => string) => string;
  readonly work: (inputs: Pick<InputValues, Key>, facts: Notes<Facts>, surroundings: Surroundings) => Promise<void>;
  /** Every output but `duration` and `error-code`; what is not known is "". */
  readonly outputs: Readonly<Record<string, (facts: Notes<Facts>, error?: FlashError) => string>>;
  /** The last line of a log without an error. */
  readonly closingLine: (facts: Notes<Facts>) => string;
  /** Markdown for the job summary. */
  readonly summary?: (facts: Notes<Facts>, error: FlashError | undefined) => string;
}

/** Names of all outputs, in the order of its action.yml. */
export function outputNames(action: { readonly outputs: object }): readonly string[] {
  return [...Object.keys(action.outputs), "duration", "error-code"];
}

/** Runs a sub-action up to its end, good or bad; sets the exit code. Never rejects. */
export async function runSubAction<Key extends keyof InputValues, Facts>(
  action: SubAction<Key | "timeoutMs", Facts>,
  host: Host = process,
  clock: Clock = systemClock,
): Promise<void> {
  const startedMs = clock.nowMs();
  maskSecrets();
  info(plainLine(redactUrl(action.firstLine(getInput))));
  const facts: Notes<Facts> = {};

  const publish = async (error: FlashError | undefined): Promise<readonly FlashError[]> => {
    if (action.summary !== undefined) await writeSummary(action.summary(facts, error));
    for (const [name, text] of Object.entries(action.outputs)) setOutput(name, text(facts, error));
    setOutput("duration", formatSeconds(clock.nowMs() - startedMs));
    setOutput("error-code", error?.code ?? "");
    if (error !== undefined) return [error];
    info(plainLine(`${action.closingLine(facts)} (${formatSeconds(clock.nowMs() - startedMs)} s)`));
    return [];
  };
  await runFramed(
    {
      readInputs(text) {
        const inputs = readRows(action.inputs, text);
        action.check?.(inputs);
        return inputs;
      },
      work: (inputs, surroundings) => action.work(inputs, facts, surroundings),
      publish,
    },
    host,
    clock,
  );
}
