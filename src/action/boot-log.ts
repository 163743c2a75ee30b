import { createWriteStream, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlashError } from "../base/errors.js";
import type { TimedLine } from "../monitor/report.js";
import type { Host } from "./host.js";

/** A file that gets all that a console says. */
export interface BootLog {
  readonly path: string;
  add(line: TimedLine): void;
  /** Resolves when all is in the file. A full disk and 64 MiB lose lines; the boot is judged without them. */
  close(): Promise<void>;
}

/** An hour at 115200 baud is 40 MB; a server in a board's place could fill any disk, and memory before that. */
const LONGEST_LOG_BYTES = 64 * 0x100000;

/** `   1.234 text`, times in seconds since reading began. */
function lineText({ atMs, text }: TimedLine): string {
  return `${(atMs / 1000).toFixed(3).padStart(8)} ${text}\n`;
}

/** Makes the file in the runner's folder for the job, named after the board. Throws `job/file` where that fails. */
export function openBootLog(env: Host["env"], board: string): BootLog {
  const runnerTemp = env.RUNNER_TEMP ?? "";
  const name = board.replace(/\?.*$/, "").replace(/[^A-Za-z0-9._-]+/g, "-");
  const path = join(makeFolder(runnerTemp === "" ? tmpdir() : runnerTemp), `${name.slice(0, 60)}.log`);
  const stream = createWriteStream(path);
  const ended = new Promise<void>((resolve) => stream.once("close", resolve).once("error", () => resolve()));
  let roomBytes = LONGEST_LOG_BYTES;
  return {
    path,
    add(line) {
      if (roomBytes < 0) return;
      const text = lineText(line);
      roomBytes -= Buffer.byteLength(text);
      stream.write(roomBytes < 0 ? "… (more than 64 MiB: the rest is not kept)\n" : text);
    },
    async close() {
      stream.end();
      await ended;
    },
  };
}

function makeFolder(parent: string): string {
  try {
    mkdirSync(parent, { recursive: true });
    return mkdtempSync(join(parent, "esp32-boot-"));
  } catch (thrown) {
    throw new FlashError("job/file", `${parent} cannot take the board's log: ${String(thrown)}`, {}, thrown);
  }
}
