import { readdirSync } from "node:fs";
import { chips } from "../../src/chips/index.js";
import { createDice } from "./dice.js";
import { faultKinds } from "./kinds.js";
import type { FaultKindName } from "./kinds.js";
import { lockTroubles } from "./lock-troubles.js";
import type { LockTroubleName } from "./lock-troubles.js";
import type { Subject } from "./run-job.js";
import { runOne } from "./run-one.js";
import type { RunRecord, RunRequest } from "./run-one.js";
import { contents, tortureChips } from "./scenario.js";

/** The names of all kinds, in the order of the table. */
export const kindNames = Object.keys(faultKinds) as FaultKindName[];

/** The names of all kinds of trouble around the locks. */
const lockTroubleNames = Object.keys(lockTroubles) as LockTroubleName[];

/**
 * `runs` requests of one to three images of up to `maxBytes`, spread evenly over kinds and chips. The same `seed` gives
 * the same ones.
 */
export function smallRuns(
  runs: number,
  seed: number,
  kinds: readonly FaultKindName[],
  maxBytes = 45_000,
): readonly RunRequest[] {
  return Array.from({ length: runs }, (_, index) => {
    const dice = createDice(seed * 1_000_003 + index);
    const column = index % kinds.length;
    const kind = kinds[column] ?? "none";
    const chip = tortureChips[(column + Math.floor(index / kinds.length)) % tortureChips.length] ?? "esp32";
    const sizes = Array.from({ length: dice.between(1, 3) }, () => dice.between(200, maxBytes));
    const lockTrouble = dice.pick(lockTroubleNames);
    return { kind, lockTrouble, chip, seed: seed * 1_000_003 + index, sizes, content: dice.pick(contents) };
  });
}

/** `runs` requests with an image of 1 MiB, all of it to be written, on a line where one byte in `oneFaultyByteIn` is faulty, both ways. */
export function largeRuns(runs: number, seed: number, oneFaultyByteIn: number): readonly RunRequest[] {
  return smallRuns(runs, seed, ["none"]).map((request) => ({
    ...request,
    sizes: [0x100000],
    content: "other",
    oneFaultyByteIn,
  }));
}

/** A file that is read while a job runs takes no time on the virtual clock, which would take the wait for an endless one. */
async function loadStubs(): Promise<void> {
  for (const name of tortureChips) await chips[name].loadStub?.(0);
}

const openDescriptors = (): number => readdirSync("/proc/self/fd").length;

/** The first process that is started, and the like, leave something open for good. */
const WARM_UP_RUNS = 40;

export interface CampaignResult {
  readonly records: readonly RunRecord[];
  /** How many more descriptors were open after the last run than when all kinds of runs had been met. */
  readonly descriptorGrowth: number;
}

export interface CampaignOptions {
  /** Hears of each run as it ends. */
  readonly onRun?: (record: RunRecord) => void;
  /** Ends the campaign after the run that is under way. */
  readonly signal?: AbortSignal;
  readonly subject?: Subject;
}

/** Runs one after the other. */
export async function runCampaign(
  requests: readonly RunRequest[],
  { onRun, signal, subject }: CampaignOptions = {},
): Promise<CampaignResult> {
  await loadStubs();
  const records: RunRecord[] = [];
  let descriptorsAtFirst = Number.NaN;
  for (const request of requests) {
    if (signal?.aborted === true) break;
    const record = await runOne(request, subject);
    records.push(record);
    onRun?.(record);
    if (records.length === Math.min(WARM_UP_RUNS, requests.length)) descriptorsAtFirst = openDescriptors();
  }
  return { records, descriptorGrowth: openDescriptors() - descriptorsAtFirst };
}
