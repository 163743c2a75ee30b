import { sleep } from "../base/clock.js";
import type { Clock } from "../base/clock.js";
import type { Deflated } from "./block-cuts.js";
import { deflatedForm } from "./blocks.js";
import { leaveOutBlanks } from "./compare.js";
import { costsOf } from "./cost-model.js";
import type { DeflateStore } from "./deflate-store.js";
import { rangeOf } from "./guards.js";
import type { FlashJob } from "./job.js";
import { withoutBlankEnd } from "./without-blank-end.js";

/** Deflated forms that are made while the board is reset, asked and given its stub. */
export interface PreparedForms {
  /** That of exactly these bytes, perhaps still in the making; `undefined` where none is. */
  find(bytes: Uint8Array): Promise<Deflated | undefined> | undefined;
  /** Ends what is in the making. */
  stop(): void;
}

/** Deflated forms for several boards, made once a job. */
export interface SharedForms {
  prepare(job: FlashJob): PreparedForms;
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
export function prepareForms(job: FlashJob, { clock, store }: PrepareDeps): PreparedForms {
  const stopping = new AbortController();
  const costs = costsOf({ loader: "stub", baud: USUAL_BAUD });
  const signal = stopping.signal;
  const options = { signal, ...(store && { store }) };
  const entries: { bytes: Uint8Array; form: Promise<Deflated | undefined> }[] = [];
  let before: Promise<unknown> = sleep(clock, HEAD_START_MS, signal).catch(() => undefined);
  for (const image of job.compress && job.stub ? job.images : []) {
    for (const range of leaveOutBlanks({ ...rangeOf(image), bytes: image.bytes }, costs)) {
      if (range.bytes === undefined || range.bytes.length < MIN_BYTES) continue;
      const bytes = withoutBlankEnd(range.bytes);
      const form = before.then(() => deflatedForm(bytes, options, clock));
      // Whoever asks for it gets the failure; if nobody does, it does not matter.
      before = form.catch(() => undefined);
      entries.push({ bytes, form });
    }
  }
  return {
    find: (wanted) => entries.find(({ bytes }) => Buffer.compare(bytes, wanted) === 0)?.form,
    stop: () => stopping.abort(),
  };
}

export function shareForms(deps: PrepareDeps): SharedForms {
  const byJob = new Map<FlashJob, PreparedForms>();
  return {
    prepare(job) {
      const prepared = byJob.get(job) ?? prepareForms(job, deps);
      byJob.set(job, prepared);
      // A board that is done leaves them to the others.
      return { ...prepared, stop: () => undefined };
    },
    stop: () => byJob.forEach((prepared) => prepared.stop()),
  };
}
