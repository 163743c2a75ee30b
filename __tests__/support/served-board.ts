import { systemClock } from "../../src/base/clock.js";
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
  end(): Promise<void>;
}

/** `url` as the input `port` takes it. */
export async function serveVirtualBoard(url: string): Promise<ServedBoard> {
  const board = createBoard(parseBoardOptions(url), systemClock);
  let lines: ControlLines = { dtr: false, rts: false };
  const watched: Board = Object.create(board, {
    setLines: {
      value(next: ControlLines) {
        lines = next;
        board.setLines(next);
      },
    },
  }) as Board;
  const server = await serveBoard(watched, systemClock, { host: "127.0.0.1", rfc2217Port: 0 });
  return {
    port: `rfc2217://127.0.0.1:${server.rfc2217Port ?? 0}`,
    board,
    lines: () => lines,
    async end() {
      await server.close();
      board.close();
    },
  };
}
