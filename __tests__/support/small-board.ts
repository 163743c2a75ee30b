import type { FlashJob } from "../../src/flash/job.js";
import { patternBytes } from "./images.js";
import { createJobBench } from "./job-bench.js";
import type { JobBench, JobEnd } from "./job-bench.js";
import { flashImage, flashJob } from "./jobs.js";

// Jobs of a few sectors: each takes some milliseconds, from the reset of the board to its start.

export const smallBoardMac = "4c:11:ae:b9:90:54";
/** Where the data of a small job go. */
export const dataOffset = 0x80000;
export const dataBytes = patternBytes(0x3000);

/** An ESP32 with 1 MB of blank flash; `query` goes on with `&`. */
export const smallBoard = (query = ""): JobBench => createJobBench(`virtual:esp32?flash-size=1MB${query}`);

/** Writes `dataBytes` to `dataOffset` and leaves all else alone. */
export const smallJob = (changes: Partial<FlashJob> = {}): FlashJob => ({
  ...flashJob([flashImage("data.bin", dataOffset, dataBytes)], { erase: "touched" }),
  ...changes,
});

/** The phases that were started, in order. */
export const startedPhases = (end: JobEnd): readonly string[] =>
  end.events.flatMap((event) => (event.kind === "started" ? [event.phase] : []));

/** Whether the board's flash has these bytes there. */
export const holds = ({ board }: JobBench, offset: number, expected: Uint8Array): boolean =>
  Buffer.compare(board.flash.bytes.subarray(offset, offset + expected.length), expected) === 0;
