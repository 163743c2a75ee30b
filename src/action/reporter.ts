import type * as core from "@actions/core";
import { formatBytes, formatCount } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import type { JobEvent, JobListener, Phase } from "../base/events.js";
import { formatDuration } from "./format.js";
import { plainLine, plainLines } from "./plain-text.js";

/** The part of `@actions/core` that writes the log. */
export type Log = Pick<typeof core, "info" | "warning" | "debug" | "isDebug" | "startGroup" | "endGroup">;

/** Writes what a job tells into the log of the step. */
export interface Reporter {
  readonly listener: JobListener;
  /** Opens a group that folds in the log, and closes the one before. */
  openGroup(title: string): void;
  /** Closes the open group, if any. */
  closeGroup(): void;
}

const PHASE_TITLES: Readonly<Record<Phase, string>> = {
  connect: "Connect to the board",
  identify: "Identify the chip",
  stub: "Start the flasher stub",
  baud: "Choose the baud rate",
  compare: "Compare with what the flash holds",
  read: "Read",
  erase: "Erase",
  write: "Write",
  verify: "Verify",
  reset: "Reset the board",
};

const PERCENT_STEP = 10;
const LINE_INTERVAL_MS = 1000;

/** The text of each progress event that deserves a line: another tenth is done, or a second has passed. */
function progressLines(clock: Clock): (doneBytes: number, totalBytes: number) => string | undefined {
  let lastPercent = 0;
  let lastLineMs = clock.nowMs();
  return (doneBytes, totalBytes) => {
    const percent = totalBytes === 0 ? 100 : Math.floor((doneBytes / totalBytes) * 100);
    const step = Math.floor(percent / PERCENT_STEP) > Math.floor(lastPercent / PERCENT_STEP);
    if (!step && clock.nowMs() - lastLineMs < LINE_INTERVAL_MS) return undefined;
    lastPercent = percent;
    lastLineMs = clock.nowMs();
    return `${percent.toString().padStart(3)} %  ${formatCount(doneBytes)} of ${formatBytes(totalBytes)}`;
  };
}

/** One group a phase. Nothing that the job says can be taken for a workflow command. */
export function createReporter(log: Log, clock: Clock): Reporter {
  let groupIsOpen = false;
  const nextProgressLine = progressLines(clock);

  const closeGroup = (): void => {
    if (groupIsOpen) log.endGroup();
    groupIsOpen = false;
  };
  const openGroup = (title: string): void => {
    closeGroup();
    log.startGroup(plainLine(title));
    groupIsOpen = true;
  };
  const info = (text: string): void => plainLines(text).forEach((line) => log.info(line));

  const message = (level: "info" | "warning" | "debug", text: string): void => {
    if (level === "info") info(text);
    else if (level === "warning") log.warning(plainLines(text).join("\n"), { title: "ESP32 flash" });
    // A job tells every frame at debug level; without debug logging the runner would only throw them away.
    else if (log.isDebug()) plainLines(text).forEach((line) => log.debug(line));
  };

  const listener = (event: JobEvent): void => {
    switch (event.kind) {
      case "started":
        openGroup(PHASE_TITLES[event.phase]);
        break;
      case "finished":
        info(`Done in ${formatDuration(event.durationMs)}`);
        closeGroup();
        break;
      case "progress": {
        const line = nextProgressLine(event.doneBytes, event.totalBytes);
        if (line !== undefined) info(line);
        break;
      }
      case "message":
        message(event.level, event.text);
        break;
    }
  };
  return { listener, openGroup, closeGroup };
}
