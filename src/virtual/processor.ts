import type { Clock } from "../base/clock.js";
import type { Program, Wait } from "./program.js";
import type { TimingOptions } from "./timing.js";

/** Runs one program of the chip at a time. */
export interface Processor {
  /** Starts `program`, dropping what ran before. */
  run(program: Program): void;
  /** Cuts the running program off. */
  halt(): void;
  /** Hands a frame to the program, which takes it when it next waits for one. */
  offer(frame: Uint8Array): void;
  /** Frames that wait for the program. */
  readonly waitingFrames: number;
  /** The program waits for the next frame. */
  readonly listensForFrames: boolean;
  /** Tells a program that waits for a listener that there is one. */
  listened(): void;
}

export function createProcessor(clock: Clock, timing: TimingOptions, hasListener: () => boolean): Processor {
  let program: Program | undefined;
  let wait: Wait | undefined;
  let frames: Uint8Array[] = [];
  let cancelTimer: (() => void) | undefined;
  // The time up to which the program has worked. It lags behind the clock where a timer came late, and catches up.
  let workedUntilMs = 0;

  const drop = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
    program = undefined;
    wait = undefined;
    frames = [];
  };

  const durationOf = (waiting: Wait): number => {
    if (waiting.kind === "pause") return waiting.durationMs;
    return waiting.kind === "busy" && timing.mode === "modelled" ? waiting.durationMs / timing.speed : 0;
  };

  /** The value to resume with, or `undefined` if the program has to stay where it is. */
  const ready = (waiting: Wait): { readonly frame?: Uint8Array } | undefined => {
    switch (waiting.kind) {
      case "frame": {
        const frame = frames.shift();
        return frame && { frame };
      }
      case "listener":
        return hasListener() ? {} : undefined;
      case "never":
        return undefined;
      case "busy":
      case "pause": {
        const durationMs = durationOf(waiting);
        if (durationMs === 0) return {};
        workedUntilMs += durationMs;
        const leftMs = workedUntilMs - clock.nowMs();
        if (leftMs <= 0) return {};
        const running = program;
        cancelTimer = clock.schedule(leftMs, () => {
          cancelTimer = undefined;
          if (program === running) proceed(undefined);
        });
        return undefined;
      }
    }
  };

  const proceed = (first: Uint8Array | undefined): void => {
    const running = program;
    let input = first;
    while (running !== undefined && program === running) {
      const step = running.next(input);
      // The step may have reset the chip: then another program runs by now.
      if (program !== running) return;
      if (step.done === true) {
        drop();
        return;
      }
      wait = step.value;
      if (wait.kind !== "busy") workedUntilMs = clock.nowMs();
      const resume = ready(wait);
      if (resume === undefined) return;
      input = resume.frame;
    }
  };

  const wake = (kind: Wait["kind"]): void => {
    if (wait?.kind !== kind) return;
    const resume = ready(wait);
    if (resume === undefined) return;
    workedUntilMs = clock.nowMs();
    proceed(resume.frame);
  };

  return {
    run(next) {
      drop();
      program = next;
      workedUntilMs = clock.nowMs();
      proceed(undefined);
    },
    halt: drop,
    offer(frame) {
      if (program === undefined) return;
      frames.push(frame);
      wake("frame");
    },
    get waitingFrames() {
      return frames.length;
    },
    get listensForFrames() {
      return wait?.kind === "frame";
    },
    listened: () => wake("listener"),
  };
}
