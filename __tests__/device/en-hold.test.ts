import type { Clock } from "../../src/base/clock.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { readMac } from "../../src/device/read-mac.js";
import { hardReset } from "../../src/device/reset.js";
import type { ControlLines, Transport } from "../../src/transport/transport.js";
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { smallBoard, smallJob } from "../support/small-board.js";

const holdsEn = ({ dtr, rts }: ControlLines): boolean => rts && !dtr;

/** A port behind which EN falls only `fallMs` after its line, as behind a large capacitor. */
function withSlowEn(port: Transport, fallMs: number, clock: Clock): Transport {
  let stopWaiting: (() => void) | undefined;
  return {
    ...port,
    setSignals(lines) {
      stopWaiting?.();
      stopWaiting = undefined;
      if (!holdsEn(lines)) return port.setSignals(lines);
      stopWaiting = clock.schedule(fallMs, () => void port.setSignals(lines));
      return Promise.resolve();
    },
  };
}

/** Reads the MAC over a port with a slow EN, and tells how long EN's line was held each time. */
async function readOver(fallMs: number): Promise<{ readonly holdsMs: readonly number[]; readonly printed: string }> {
  const clock = new VirtualClock();
  const board = createBoard(parseBoardOptions("virtual:esp32?timing=modelled"), clock);
  const slow = withSlowEn(boardTransport(board, "board"), fallMs, clock);
  const holdsMs: number[] = [];
  let heldSinceMs: number | undefined;
  const watched: Transport = {
    ...slow,
    setSignals(lines) {
      if (heldSinceMs !== undefined && !holdsEn(lines)) holdsMs.push(Math.round(clock.nowMs() - heldSinceMs));
      heldSinceMs = holdsEn(lines) ? clock.nowMs() : undefined;
      return slow.setSignals(lines);
    },
  };
  const signal = new AbortController().signal;
  const how = { before: "default-reset", attempts: 4 } as const;
  await clock.run(readMac(watched, how, { clock, signal }));
  let printed = "";
  board.onData((bytes) => (printed += Buffer.from(bytes).toString("latin1")));
  await clock.run(new Promise<void>((resolve) => clock.schedule(500, resolve)));
  return { holdsMs, printed };
}

test("EN is held for a short time, also to start the firmware, where that was enough to reset the board", async () => {
  const { holdsMs, printed } = await readOver(1);

  expect(holdsMs).toEqual([50, 50]);
  expect(printed).toContain("SPI_FAST_FLASH_BOOT");
});

test("a board whose EN falls slowly is reset by a longer hold, also into its firmware", async () => {
  const { holdsMs, printed } = await readOver(80);

  expect(holdsMs).toEqual([50, 100, 100]);
  expect(printed).toContain("SPI_FAST_FLASH_BOOT");
});

test.each(["no-reset", "no-reset-stub"] as const)(
  "where the loader of an earlier job answers, left by %s, a short hold is not taken to have been enough",
  async (after) => {
    const bench = smallBoard("&timing=modelled");
    expect((await bench.run(smallJob({ after, stub: after === "no-reset-stub", baud: 115_200 }))).code).toBe("success");
    const end = await bench.run(smallJob(), { wrap: (port) => withSlowEn(port, 80, bench.clock) });

    expect(end.code).toBe("success");
    expect(bench.board.inDownloadMode).toBe(false);
  },
);

test("the hold begins when the other side has shown that EN is low", async () => {
  const clock = new VirtualClock();
  const port = boardTransport(createBoard(parseBoardOptions("virtual:esp32"), clock), "board");
  const lines: string[] = [];
  // A server in a slow network.
  const late: Transport = {
    ...port,
    setSignals(next) {
      lines.push(`${clock.nowMs()}: ${holdsEn(next) ? "low" : "idle"}`);
      return Promise.resolve();
    },
    confirm: () => new Promise((resolve) => clock.schedule(300, resolve)),
  };
  await clock.run(hardReset(late, clock));

  expect(lines).toEqual(["0: low", "400: idle"]);
});
