/** The campaign's process; `scripts/torture.mjs` makes and starts it. */
import { parseArgs } from "node:util";
import { kindNames, largeRuns, runCampaign, smallRuns } from "./campaign.js";
import type { FaultKindName } from "./kinds.js";
import type { RunRecord, RunRequest } from "./run-one.js";
import { campaignTable } from "./table.js";
import { runTurns } from "./turns.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "2000" },
    large: { type: "string", default: "200" },
    turns: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    kind: { type: "string", multiple: true },
  },
});
const [runs, large, turns, seed] = [values.runs, values.large, values.turns, values.seed].map(Number) as [
  number,
  number,
  number,
  number,
];
const kinds = (values.kind ?? kindNames) as FaultKindName[];
const unknown = kinds.filter((kind) => !kindNames.includes(kind));
if (unknown.length > 0) throw new Error(`there is no kind ${unknown.join(", ")}: ${kindNames.join(", ")}`);

const failed: RunRecord[] = [];
function tell(record: RunRecord): void {
  if (record.violations.length === 0) return;
  failed.push(record);
  const { kind, chip, seed: own, code, violations } = record;
  for (const { concern, what } of violations) console.log(`${kind} ${chip} seed ${own} (${code}): ${concern}: ${what}`);
}

/** One that is interrupted tells what it has. */
const interrupted = new AbortController();
const { signal } = interrupted;
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupted.abort());

async function part(title: string, requests: readonly RunRequest[]): Promise<void> {
  if (requests.length === 0 || signal.aborted) return;
  const startMs = performance.now();
  const { records, descriptorGrowth } = await runCampaign(requests, { onRun: tell, signal });
  if (records.length === 0) return;
  const tookS = Math.round((performance.now() - startMs) / 1000);
  console.log(`\n## ${records.length} of ${requests.length} runs, ${title}\n`);
  for (const line of campaignTable(records, ({ kind }) => kind)) console.log(line);
  console.log("");
  for (const line of campaignTable(records, ({ chip }) => chip)) console.log(line);
  console.log("");
  for (const line of campaignTable(records, ({ lockTrouble }) => `locks: ${lockTrouble}`)) console.log(line);
  console.log(`\nDescriptors: ${descriptorGrowth} more at the end. ${tookS} s.`);
  if (descriptorGrowth > 0) process.exitCode = 1;
}

console.log(`seed ${seed}`);
await part("images up to 135 kB", smallRuns(runs, seed, kinds));
for (const spacing of values.kind === undefined ? [1_000_000, 100_000] : []) {
  await part(`1 MiB, one faulty byte in ${spacing.toLocaleString("en-US")}`, largeRuns(large, seed, spacing));
}
console.log(`${failed.length} runs with a violation`);
if (failed.length > 0) process.exitCode = 1;

let turned = 0;
let badTurns = 0;
for (; turned < (values.kind === undefined ? turns : 0) && !signal.aborted; turned++) {
  const own = seed * 1_000_003 + turned;
  const wrong = await runTurns(own);
  for (const what of wrong) console.log(`turns seed ${own}: ${what}`);
  badTurns += Math.min(1, wrong.length);
}
console.log(`${turned} times three jobs that want some of four boards each: ${badTurns} with a violation`);
if (badTurns > 0) process.exitCode = 1;
