import { toFlashError } from "../../src/base/errors.js";
import type { FlashError } from "../../src/base/errors.js";
import { sleep } from "../../src/base/clock.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { readMac } from "../../src/device/read-mac.js";
import type { ControlLines } from "../../src/transport/transport.js";
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";

interface Asked {
  readonly mac: string | undefined;
  readonly error: FlashError | undefined;
  readonly lines: readonly ControlLines[];
  /** What the board printed after it was left. */
  readonly printed: string;
}

async function ask(url: string): Promise<Asked> {
  const clock = new VirtualClock();
  const board = createBoard(parseBoardOptions(url), clock);
  const port = boardTransport(board, "board");
  const lines: ControlLines[] = [];
  const transport = {
    ...port,
    setSignals(next: ControlLines) {
      lines.push(next);
      return port.setSignals(next);
    },
  };
  const deps = { clock, signal: new AbortController().signal };
  const how = { before: "default-reset", attempts: 2 } as const;
  let printed = "";
  const end = await clock.run(
    readMac(transport, how, deps).then(
      (mac) => ({ mac, error: undefined }),
      (thrown: unknown) => ({ mac: undefined, error: toFlashError(thrown) }),
    ),
  );
  board.onData((bytes) => (printed += Buffer.from(bytes).toString("latin1")));
  await clock.run(sleep(clock, 500));
  return { ...end, lines, printed };
}

const HARD_RESET = [
  { dtr: false, rts: true },
  { dtr: false, rts: false },
];

test("a board is asked for its MAC, and its firmware starts again", async () => {
  const { mac, lines, printed } = await ask("virtual:esp32?mac=24:6f:28:00:00:01");
  expect(mac).toBe("24:6f:28:00:00:01");
  expect(lines.slice(-2)).toEqual(HARD_RESET);
  expect(printed).toContain("SPI_FAST_FLASH_BOOT");
});

test("a board that does not answer is left running, too", async () => {
  const { error, lines, printed } = await ask("virtual:esp32?fault=no-sync");
  expect(error?.code).toBe("connect/no-reply");
  expect(lines.slice(-2)).toEqual(HARD_RESET);
  expect(printed).toContain("SPI_FAST_FLASH_BOOT");
});
