import { FlashError } from "../base/errors.js";
import type { JobEvent } from "../base/events.js";

/** One board's part in `fail-fast`. */
export interface FailFastShare {
  /** Ends with the step, or when another board has failed while this one could still be left as it was. */
  readonly signal: AbortSignal;
  /** Watches whether the board is being changed. */
  readonly listener: (event: JobEvent) => void;
}

export interface FailFast {
  share(): FailFastShare;
  /** A board has failed: stops all of which nothing is erased or written yet. */
  failed(name: string): void;
}

/** Half a job must not be left on a board because another one failed: those under way are brought to their end. */
export function createFailFast(stepSignal: AbortSignal): FailFast {
  const shares: { readonly controller: AbortController; isChanging: boolean }[] = [];
  let reason: FlashError | undefined;
  return {
    share() {
      const share = { controller: new AbortController(), isChanging: false };
      shares.push(share);
      if (reason !== undefined) share.controller.abort(reason);
      return {
        signal: AbortSignal.any([stepSignal, share.controller.signal]),
        listener(event) {
          if (event.kind === "started" && (event.phase === "erase" || event.phase === "write")) share.isChanging = true;
        },
      };
    },
    failed(name) {
      reason ??= new FlashError("job/fail-fast", `${name} failed, and \`fail-fast\` is on.`);
      for (const { controller, isChanging } of shares) if (!isChanging) controller.abort(reason);
    },
  };
}
