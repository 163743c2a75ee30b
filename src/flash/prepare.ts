import { sleep } from "../base/clock.js";
import type { Clock } from "../base/clock.js";
import type { BlockStream } from "../device/flash-access.js";
import { stubDialect } from "../protocol/command.js";
import { blockStream } from "./blocks.js";
import { leaveOutBlanks } from "./compare.js";
import { costsOf } from "./cost-model.js";
import type { DeflateStore } from "./deflate-store.js";
import { rangeOf } from "./guards.js";
import type { FlashJob } from "./job.js";
import { withoutBlankEnd } from "./without-blank-end.js";

/** Streams that are made while the board is reset, asked and given its stub. */
export interface PreparedStreams {
  /** The stream of exactly these bytes at this place, perhaps still in the making; `undefined` where none is. */
  find(
    run: { readonly offset: number; readonly bytes: Uint8Array },
    blockBytes: number,
  ): Promise<BlockStream> | undefined;
  /** Ends what is in the making. */
  stop(): void;
}

/** Streams for several boards, made once a job. */
export interface SharedStreams {
  prepare(job: FlashJob): PreparedStreams;
  /** Ends what is in the making, for all boards. */
  stop(): void;
}

export interface PrepareDeps {
  readonly clock: Clock;
  /** Where deflated forms are kept beyond this run. */
  readonly store?: DeflateStore;
}

/** Less is deflated in some milliseconds. */
const MIN_BYTES = 0x8000;
/** The reset goes first: it then holds EN low for some time, which is enough. */
const HEAD_START_MS = 10;
/** Only the length of round trips depends on it, and so how long a run of FF must be to be left out. */
const USUAL_BAUD = 921_600;

/**
 * Begins to deflate what the job writes to a board on which all of it differs. What the board's answers change about
 * that is not found, and made when it is needed.
 */
export function prepareStreams(job: FlashJob, { clock, store }: PrepareDeps): PreparedStreams {
  const stopping = new AbortController();
  const { blockBytes } = stubDialect;
  const costs = costsOf({ loader: "stub", baud: USUAL_BAUD });
  const signal = stopping.signal;
  const options = { blockBytes, compress: true, byWindow: false, signal, ...(store && { store }) };
  const entries: { offset: number; bytes: Uint8Array; stream: Promise<BlockStream> }[] = [];
  let before: Promise<unknown> = sleep(clock, HEAD_START_MS, signal).catch(() => undefined);
  for (const image of job.compress && job.stub ? job.images : []) {
    for (const range of leaveOutBlanks({ ...rangeOf(image), bytes: image.bytes }, costs)) {
      if (range.bytes === undefined || range.bytes.length < MIN_BYTES) continue;
      const { offset } = range;
      const bytes = withoutBlankEnd(range.bytes);
      const stream = before.then(() => blockStream(offset, bytes, options, clock));
      // Whoever asks for it gets the failure; if nobody does, it does not matter.
      before = stream.catch(() => undefined);
      entries.push({ offset, bytes, stream });
    }
  }
  return {
    find(run, wantedBlockBytes) {
      if (wantedBlockBytes !== blockBytes) return undefined;
      return entries.find(({ offset, bytes }) => offset === run.offset && Buffer.compare(bytes, run.bytes) === 0)
        ?.stream;
    },
    stop: () => stopping.abort(),
  };
}

export function shareStreams(deps: PrepareDeps): SharedStreams {
  const byJob = new Map<FlashJob, PreparedStreams>();
  return {
    prepare(job) {
      const prepared = byJob.get(job) ?? prepareStreams(job, deps);
      byJob.set(job, prepared);
      // A board that is done leaves the streams to the others.
      return { ...prepared, stop: () => undefined };
    },
    stop: () => byJob.forEach((prepared) => prepared.stop()),
  };
}
