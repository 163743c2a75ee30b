import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock as clock } from "../../src/base/clock.js";
import { Connection } from "../../src/device/connection.js";
import { createFlightRecorder } from "../../src/device/flight-recorder.js";
import { openDevice } from "../../src/device/open-device.js";
import { openTransport } from "../../src/open-transport.js";
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { startPtyPeer, whyNoPty } from "../support/pty-peer.js";

/** `CYCLES=1000` makes it the whole campaign; the usual number keeps the tests short. */
const CYCLES = Number(process.env.CYCLES ?? "200");
/** By then all that is loaded once is loaded. */
const WARM_UP_CYCLES = Math.min(100, CYCLES / 4);
const noPty = process.platform === "linux" ? whyNoPty() : "only Linux lists a process's descriptors in /proc";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What one process holds; collected garbage does not count. */
function holdings(): { descriptors: number; handles: number; heapMb: number } {
  collectGarbage();
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    handles: process.getActiveResourcesInfo().length,
    heapMb: process.memoryUsage().heapUsed / 0x100000,
  };
}

(noPty ? test.skip : test)(
  `${CYCLES} times open, identify and close leave nothing behind${noPty ? ` (${noPty})` : ""}`,
  async () => {
    // Its ROM knows all that it is asked: after a command that one does not know, the engine listens for a while.
    const board = createBoard(parseBoardOptions("virtual:esp32c3?boot=download"), clock);
    const peer = await startPtyPeer((bytes) => board.receive(bytes));
    board.onData((bytes) => peer.send(bytes));
    const abort = new AbortController();
    const { signal } = abort;
    const options = { before: "no-reset", attempts: 3, baud: 115_200 } as const;
    const nothing = (): void => undefined;

    async function cycle(): Promise<void> {
      const transport = await openTransport(peer.port, { clock, signal });
      const connection = new Connection(transport, clock, signal, createFlightRecorder(clock, nothing));
      const { identity } = await openDevice(connection, "esp32c3", options, nothing);
      connection.release();
      await transport.close();
      expect(identity.mac).toBe("4c:11:ae:b9:90:54");
    }

    let before, after;
    try {
      for (let done = 0; done < WARM_UP_CYCLES; done++) await cycle();
      before = holdings();
      for (let done = WARM_UP_CYCLES; done < CYCLES; done++) await cycle();
      after = holdings();
    } finally {
      board.close();
      await peer.stop();
    }

    expect(after.descriptors).toBe(before.descriptors);
    // A timer or a child's pipe more or less is chance; one more each time would be hundreds.
    expect(after.handles).toBeLessThan(before.handles + 5);
    // The peer keeps all bytes that it got, some 3 MB.
    expect(after.heapMb - before.heapMb).toBeLessThan(6);
  },
  180_000,
);
