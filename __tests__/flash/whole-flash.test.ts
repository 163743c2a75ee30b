import { FlashError } from "../../src/base/errors.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobBench, JobEnd } from "../support/job-bench.js";
import { changedOutside, wholeFlashCase, wholeFlashFaults } from "../support/whole-flash.js";
import type { WholeFlashCase } from "../support/whole-flash.js";
import type { Transport } from "../../src/transport/transport.js";

// A campaign: WHOLE_FLASH_RUNS=5000 WHOLE_FLASH_SEED=1000 npm test -- whole-flash
const runs = Number(process.env.WHOLE_FLASH_RUNS ?? 20);
const firstSeed = Number(process.env.WHOLE_FLASH_SEED ?? 1);

/** A transport that reads what it was given again when the chip answers or the next write comes, and wants it as it was. */
function lazyTransport(transport: Transport, faults: string[]): Transport {
  let given: { readonly bytes: Uint8Array; readonly copy: Uint8Array } | undefined;
  const check = (): void => {
    if (given !== undefined && Buffer.compare(given.bytes, given.copy) !== 0) faults.push("a frame was overwritten");
  };
  transport.subscribe({ data: check, closed: () => undefined });
  return {
    ...transport,
    write(bytes) {
      check();
      given = { bytes, copy: bytes.slice() };
      return transport.write(bytes);
    },
  };
}

/** Before anything was changed; `erase: none` also on what a run that was cut off has left. */
const refusals = ["plan/not-blank", "plan/preserve", "chip/unsupported"];

interface Before {
  readonly bytes: Uint8Array;
  readonly erasedSectors: number;
}

const stateOf = ({ board: { flash } }: JobBench): Before => ({
  bytes: flash.bytes.slice(),
  erasedSectors: flash.counters.erasedSectors,
});

function checkEnd(given: WholeFlashCase, bench: JobBench, end: JobEnd, before: Before): readonly string[] {
  const { flash } = bench.board;
  const { job } = given;
  if (end.result === undefined) {
    if (!refusals.includes(end.code)) return [`${end.code}: ${end.error?.message}`];
    if (job.erase === "none" && given.cutAfterMs !== undefined) return changedOutside(given, flash.bytes);
    return Buffer.compare(flash.bytes, before.bytes) === 0 ? [] : [`changed, and then ${end.code}`];
  }
  if (job.dryRun) return Buffer.compare(flash.bytes, before.bytes) === 0 ? [] : ["changed in a dry run"];
  return [
    ...wholeFlashFaults(given, flash.bytes),
    ...(flash.weakSectors.length > 0 ? [`sectors ${flash.weakSectors.join(", ")} are weak`] : []),
    ...(bench.journal.notes.size > 0 ? ["a note is left"] : []),
    ...(end.result.verified || !job.stub ? [] : ["not verified"]),
    // A ROM erases what it writes, blank or not.
    ...(job.erase === "none" &&
    job.stub &&
    !end.messages.some((text) => text.startsWith("No stub")) &&
    flash.counters.erasedSectors > before.erasedSectors
      ? ["erased, though nothing was to be"]
      : []),
  ];
}

async function faultsOf(seed: number): Promise<readonly string[]> {
  const given = wholeFlashCase(seed);
  const { job, held, noted, cutAfterMs } = given;
  const faults: string[] = [];
  const bench = createJobBench(given.url, held);
  const { flash } = bench.board;
  const wrap = (transport: Transport): Transport => lazyTransport(transport, faults);
  for (const { offset, lengthBytes } of noted) {
    const copy = held.slice(offset, offset + lengthBytes);
    flash.beginErase(offset, lengthBytes);
    flash.interrupt();
    // What a weak sector shows is neither old nor new for sure.
    flash.bytes.set(copy, offset);
  }
  if (noted.length > 0) {
    // The bench's boards have one MAC.
    bench.journal.notes.set("4c:11:ae:b9:90:54", noted);
  }
  if (cutAfterMs !== undefined) {
    const abort = { afterMs: cutAfterMs, reason: new FlashError("job/timeout", "cut") };
    if (given.cutBy === "power") bench.clock.schedule(cutAfterMs, () => bench.board.powerCycle());
    const before = stateOf(bench);
    const end = await bench.run(job, given.cutBy === "abort" ? { wrap, abort } : { wrap });
    const wrong = end.code === "job/timeout" ? changedOutside(given, flash.bytes) : checkEnd(given, bench, end, before);
    faults.push(...wrong.map((what) => `cut: ${what}`));
    if (end.code !== "job/timeout") return faults;
  }
  const before = stateOf(bench);
  const end = await bench.run(job, { wrap });
  faults.push(...checkEnd(given, bench, end, before));
  const wasBegun = Buffer.compare(before.bytes, held) !== 0;
  if (wasBegun && end.code === "plan/preserve") faults.push("what was begun cannot be ended");
  return faults;
}

test(`${runs} random jobs on random boards leave exactly the flash that was asked for`, async () => {
  const failed: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const faults = await faultsOf(seed).catch((error: unknown) => [String((error as Error).stack)]);
    if (faults.length > 0) failed.push(`${seed}: ${wholeFlashCase(seed).url} ${faults.slice(0, 3).join("; ")}`);
  }
  expect(failed).toEqual([]);
}, 3_600_000);
