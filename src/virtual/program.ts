import type { ResetCause } from "./boot-log.js";

/**
 * What the chip's processor waits for. A program of the chip (ROM, stub, firmware) is a generator that yields these, so
 * that a reset can cut it off at any of them, as on silicon.
 */
export type Wait =
  /** Work that takes modelled time, and none with `timing=none`. */
  | { readonly kind: "busy"; readonly durationMs: number }
  /** A pause that is kept in every mode: without it a boot loop would have no end. */
  | { readonly kind: "pause"; readonly durationMs: number }
  /** The next frame from the host; `next` hands it in. */
  | { readonly kind: "frame" }
  /** Somebody who reads what the chip prints. */
  | { readonly kind: "listener" }
  /** Nothing: the processor hangs until it is reset. */
  | { readonly kind: "never" };

export type Program<Result = void> = Generator<Wait, Result, Uint8Array | undefined>;

export function* busy(durationMs: number): Program {
  yield { kind: "busy", durationMs };
}

export function* pause(durationMs: number): Program {
  yield { kind: "pause", durationMs };
}

function* untilListened(): Program {
  yield { kind: "listener" };
}

export function* hang(): Program<never> {
  while (true) yield { kind: "never" };
}

/** The next frame from the host, without its delimiters. */
export function* nextFrame(): Program<Uint8Array> {
  while (true) {
    const frame = yield { kind: "frame" };
    if (frame !== undefined) return frame;
  }
}

/** A boot that failed: waits as a boot loop does, and only goes on while someone reads what it prints. */
export function* resetBy(cause: ResetCause, delayMs: number): Program<ResetCause> {
  yield* untilListened();
  yield* pause(delayMs);
  return cause;
}
