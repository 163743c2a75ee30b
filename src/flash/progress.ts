import type { Clock } from "../base/clock.js";
import type { JobListener, Phase } from "../base/events.js";

/** Keeps the promises of `JobEvent`: order of phases, and a count that never falls and is full only at the end. */
export interface Progress {
  /** Runs a phase between its `started` and `finished`. */
  phase<T>(phase: Phase, work: () => Promise<T>): Promise<T>;
  /** Starts a phase whose end the next one, or `endPhase`, marks. */
  startPhase(phase: Phase): void;
  endPhase(): void;
  message(level: "info" | "warning" | "debug", text: string): void;
  /** `doneBytes` of `totalBytes` are done, but not verified. */
  done(doneBytes: number, totalBytes: number): void;
  /** Everything is verified. */
  verified(): void;
  /** Time spent in each phase so far, over all tries. */
  durations(): readonly { readonly phase: Phase; readonly durationMs: number }[];
}

export function createProgress(clock: Clock, emit: JobListener): Progress {
  const spentMs = new Map<Phase, number>();
  let current: { readonly phase: Phase; readonly startMs: number } | undefined;
  let share = 0;
  let total = 0;

  const endPhase = (): void => {
    if (current === undefined) return;
    const durationMs = clock.nowMs() - current.startMs;
    spentMs.set(current.phase, (spentMs.get(current.phase) ?? 0) + durationMs);
    emit({ kind: "finished", phase: current.phase, durationMs });
    current = undefined;
  };
  const startPhase = (phase: Phase): void => {
    endPhase();
    current = { phase, startMs: clock.nowMs() };
    emit({ kind: "started", phase });
  };

  return {
    startPhase,
    endPhase,
    async phase(phase, work) {
      startPhase(phase);
      const result = await work();
      endPhase();
      return result;
    },
    message: (level, text) => emit({ kind: "message", level, text }),
    done(doneBytes, totalBytes) {
      // The first comparison sets the scale; a retry that finds more to do stands still instead of going back.
      if (total === 0) total = totalBytes;
      const now = Math.min(total - 1, total - (totalBytes - doneBytes));
      if (now <= share) return;
      share = now;
      emit({ kind: "progress", doneBytes: share, totalBytes: total });
    },
    verified() {
      if (total > 0) emit({ kind: "progress", doneBytes: total, totalBytes: total });
    },
    durations: () => [...spentMs].map(([phase, durationMs]) => ({ phase, durationMs })),
  };
}
