import type { JobEvent } from "../base/events.js";
import type { BoardPlace } from "./board-places.js";
import type { FailFast } from "./fail-fast.js";
import type { BoardTask } from "./flash-board.js";
import { keepLog, shortProgress } from "./kept-log.js";
import { createReporter } from "./reporter.js";
import type { TimeShare } from "./shared-time.js";
import { stepLog } from "./step-frame.js";
import type { Surroundings } from "./step-frame.js";

/** One of several boards on its way through the step: what is to be done, and surroundings of its own. */
export interface BoardLane extends BoardPlace {
  readonly task: BoardTask;
  readonly surroundings: Surroundings;
  /** Tells the log of the board up to now as one group, and lets the others go on without it. */
  end(): void;
}

/** `step`: the surroundings of the step as a whole. */
export function boardLane(
  place: BoardPlace,
  task: BoardTask,
  shared: { readonly step: Surroundings; readonly failFast: FailFast; readonly time: TimeShare },
): BoardLane {
  const { step, time } = shared;
  const { notes } = task;
  const { name } = place;
  const log = keepLog(stepLog, name);
  const reporter = createReporter(log, step.clock);
  const { signal, listener: watchChanges } = shared.failFast.share();
  const progress = shortProgress(stepLog, name);
  const listeners = [watchChanges, progress.listener, reporter.listener];
  const listener = (event: JobEvent): void => listeners.forEach((hear) => hear(event));
  const openGroup = (title: string): void => {
    progress.begin();
    reporter.openGroup(title);
  };
  const cutShort = (): void => log.tell(`${name}: cut short`);
  step.signal.addEventListener("abort", cutShort, { once: true });
  return {
    ...place,
    task,
    surroundings: { ...step, signal, time, reporter: { ...reporter, openGroup, listener } },
    end() {
      step.signal.removeEventListener("abort", cutShort);
      time.end();
      log.tell(`${name}: ${notes.error === undefined ? "done" : notes.error.code}`);
    },
  };
}
