import { chipNames } from "../chips/index.js";
import type { BootReport, SeenApp, TimedLine } from "../monitor/report.js";
import type { Symbolize } from "../monitor/symbols.js";
import { startBootWatch } from "../monitor/watch-boot.js";
import type { BootWatch } from "../monitor/watch-boot.js";
import type { Transport } from "../transport/transport.js";
import { openBootLog } from "./boot-log.js";
import type { BootLog } from "./boot-log.js";
import { openConsole } from "./console-port.js";
import type { InputValues } from "./input-values.js";
import type { Surroundings } from "./step-frame.js";

/** How a boot is watched. */
export interface BootWish extends Pick<
  InputValues,
  "consolePort" | "consoleBaud" | "expect" | "failOn" | "bootTimeoutMs" | "settleMs"
> {
  readonly symbolize?: Symbolize | undefined;
  /** The app that should run, where that is known. */
  readonly app?: SeenApp | undefined;
}

/** What is known of the board whose console is read. */
interface ConsoleOwner {
  readonly chip?: string;
  readonly crystalMhz?: number;
}

/** A look at how a board boots. */
export interface BootCheck {
  /** Begins to read, before the board is reset; a second time it begins anew. */
  begin(wish: BootWish, owner?: ConsoleOwner): Promise<void>;
  /** The board has been reset: waits for the verdict and tells it, with the file that has the whole log. Undefined where nothing was begun. */
  finish(): Promise<{ readonly report: BootReport; readonly logFile: string } | undefined>;
  /** Ends what is under way, and closes a console port of its own. Never rejects. */
  close(): Promise<void>;
}

/** More of it is in the file. */
const MOST_SHOWN_LINES = 200;

/** `transport` is the port that the board is reset by; `board` names the log. */
export function createBootCheck(
  transport: Transport,
  board: string,
  { host, clock, signal, reporter }: Pick<Surroundings, "host" | "clock" | "signal" | "reporter">,
): BootCheck {
  let consolePort: Transport | undefined;
  let current: { readonly watch: BootWatch; readonly log: BootLog; show(): void } | undefined;
  const say = (level: "info" | "warning", text: string): void => reporter.listener({ kind: "message", level, text });

  async function stop(): Promise<void> {
    current?.watch.stop();
    await current?.log.close();
    current = undefined;
  }

  return {
    async begin(wish, { chip, crystalMhz } = {}) {
      await stop();
      if (wish.consolePort !== undefined) consolePort ??= await openConsole(wish.consolePort, { clock, signal });
      const log = openBootLog(host.env, board);
      const shown = createShownLines((text) => say("info", text));
      const knownChip = chipNames.find((name) => name === chip);
      const options = {
        timeoutMs: wish.bootTimeoutMs,
        settleMs: wish.settleMs,
        expect: wish.expect,
        failOn: wish.failOn,
        consoleBaud: wish.consoleBaud,
        ...(wish.app && { app: wish.app }),
        ...(wish.symbolize && { symbolize: wish.symbolize }),
        ...(knownChip && { chip: knownChip }),
        ...(crystalMhz !== undefined && { crystalMhz }),
      };
      const onLine = (line: TimedLine): void => {
        log.add(line);
        shown.add(line.text);
      };
      const watch = await startBootWatch(consolePort ?? transport, options, { clock, signal, onLine });
      current = { watch, log, show: shown.show };
    },
    async finish() {
      if (current === undefined) return undefined;
      const { watch, log } = current;
      reporter.openGroup("Watch the boot");
      try {
        current.show();
        watch.restarted();
        const report = await watch.report;
        const isSilent = report.verdict === "silent";
        say(isSilent ? "warning" : "info", `Boot: ${report.verdict}. ${report.reason}`);
        return { report, logFile: log.path };
      } finally {
        await stop();
        reporter.closeGroup();
      }
    },
    async close() {
      await stop();
      await consolePort?.close();
    },
  };
}

/** Keeps lines back until they are to be shown, and shows no more than a person reads. */
function createShownLines(tell: (text: string) => void): { add: (text: string) => void; show: () => void } {
  const kept: string[] = [];
  let count = 0;
  let isShown = false;
  return {
    add(text) {
      count++;
      if (count > MOST_SHOWN_LINES) return;
      const line = count === MOST_SHOWN_LINES ? "… (the rest is in the file of the output `boot-log`)" : text;
      if (isShown) tell(line);
      else kept.push(line);
    },
    show() {
      isShown = true;
      kept.forEach(tell);
    },
  };
}
