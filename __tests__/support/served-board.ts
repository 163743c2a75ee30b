import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../src/base/clock.js";
import type { Clock } from "../../src/base/clock.js";
import type { ControlLines } from "../../src/transport/transport.js";
import { createBoard } from "../../src/virtual/board.js";
import type { Board } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { serveBoard } from "../../src/virtual/serve.js";

/** A virtual board in this process, reached by steps in theirs: it outlives a step that is killed. */
export interface ServedBoard {
  /** As the input `port` takes it. */
  readonly port: string;
  readonly board: Board;
  lines(): ControlLines;
  /** Resolves once nobody uses the port: a process can end before its connection does. */
  untilLeft(): Promise<void>;
  /** The board stands still as soon as something more has been erased on it; resolves then. `goOn` lets it go on. */
  standsStillAtWork(): Promise<void>;
  goOn(): void;
  end(): Promise<void>;
}

/** The machine's time, which `hold` stops; `fired` is called after each callback. */
function stoppableClock(fired: () => void): { clock: Clock; hold: () => void; goOn: () => void } {
  let isHeld = false;
  const due: (() => void)[] = [];
  const fire = (callback: () => void): void => {
    if (isHeld) {
      due.push(callback);
      return;
    }
    callback();
    fired();
  };
  return {
    clock: {
      ...systemClock,
      schedule(delayMs, callback) {
        let isCancelled = false;
        const cancel = systemClock.schedule(delayMs, () => fire(() => isCancelled || callback()));
        return () => {
          isCancelled = true;
          cancel();
        };
      },
    },
    hold: () => void (isHeld = true),
    goOn() {
      isHeld = false;
      due.splice(0).forEach(fire);
    },
  };
}

/** `url` as the input `port` takes it; `standsStillAtWork` needs modelled times. */
export async function serveVirtualBoard(url: string): Promise<ServedBoard> {
  let fired = (): void => undefined;
  const { clock, hold, goOn } = stoppableClock(() => fired());
  const board = createBoard(parseBoardOptions(url), clock);
  let lines: ControlLines = { dtr: false, rts: false };
  let users = 0;
  const watched: Board = Object.create(board, {
    setLines: {
      value(next: ControlLines) {
        lines = next;
        board.setLines(next);
      },
    },
    onData: {
      value(listener: (bytes: Uint8Array) => void) {
        users++;
        const stop = board.onData(listener);
        return () => {
          users--;
          stop();
        };
      },
    },
  }) as Board;
  const server = await serveBoard(watched, systemClock, { host: "127.0.0.1", rfc2217Port: 0 });
  return {
    port: `rfc2217://127.0.0.1:${server.rfc2217Port ?? 0}`,
    board,
    lines: () => lines,
    async untilLeft() {
      while (users > 0) await pause(5);
    },
    standsStillAtWork() {
      const before = board.counters.erasedSectors;
      return new Promise((resolve) => {
        fired = () => {
          if (board.counters.erasedSectors === before) return;
          hold();
          resolve();
        };
      });
    },
    goOn() {
      fired = () => undefined;
      goOn();
    },
    async end() {
      await server.close();
      board.close();
    },
  };
}
