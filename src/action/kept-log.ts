import type { JobEvent } from "../base/events.js";
import { plainLine } from "./plain-text.js";
import type { Log } from "./reporter.js";

/** A log that is told as a whole, when what it is about has ended. */
export interface KeptLog extends Log {
  /** Tells it as one group; what is said after that is lost. */
  tell(title: string): void;
}

/** The log of one of several boards, so that their lines do not mingle. `name`: of the board, for annotations. */
export function keepLog(log: Log, name: string): KeptLog {
  let entries: (() => void)[] = [];
  const later = (entry: () => void): void => void entries.push(entry);
  return {
    info: (message) => later(() => log.info(message)),
    warning: (message, properties) => later(() => log.warning(`${plainLine(name)}: ${String(message)}`, properties)),
    debug: (message) => later(() => log.debug(message)),
    isDebug: log.isDebug,
    // The runner knows no group within a group.
    startGroup: (title) => later(() => log.info(title)),
    endGroup: () => undefined,
    tell(title) {
      if (entries.length === 0) return;
      log.startGroup(plainLine(title));
      for (const entry of entries) entry();
      log.endGroup();
      entries = [];
    },
  };
}

const PERCENT_STEP = 20;

/** Where one of several boards is, in few lines. */
export interface ShortProgress {
  /** What is waited for until the work begins, then how far it has got. */
  readonly listener: (event: JobEvent) => void;
  /** The board's work has begun: what it says from now on is told at its end. */
  begin(): void;
}

export function shortProgress(log: Log, name: string): ShortProgress {
  let told = 0;
  let isAtWork = false;
  return {
    begin: () => void (isAtWork = true),
    listener(event) {
      if (event.kind === "started") isAtWork = true;
      if (event.kind === "message" && event.level !== "debug" && !isAtWork)
        log.info(plainLine(`[${name}] ${event.text}`));
      if (event.kind !== "progress" || event.totalBytes === 0) return;
      const percent = Math.floor((event.doneBytes / event.totalBytes) * 100);
      if (percent < told + PERCENT_STEP) return;
      told = percent - (percent % PERCENT_STEP);
      log.info(plainLine(`[${name}] ${told} %`));
    },
  };
}
