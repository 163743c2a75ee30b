import { FlashError } from "../../src/base/errors.js";
import type { FlashJob } from "../../src/flash/job.js";
import type { Transport } from "../../src/transport/transport.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobBench, JobEnd } from "../support/job-bench.js";
import { dataOffset, smallBoard, smallJob } from "../support/small-board.js";
import { withoutLines } from "../support/wire-tap.js";

const SMALL = "virtual:esp32?flash-size=1MB";

interface Ending {
  readonly bench: JobBench;
  readonly end: JobEnd;
  /** What the console was told before the reset, and the port's rate by then. */
  readonly resets: readonly object[];
}

async function ending(
  url: string,
  changes: Partial<FlashJob>,
  wrapMore = (port: Transport): Transport => port,
): Promise<Ending> {
  const bench = createJobBench(url);
  const resets: object[] = [];
  let rate = 0;
  const end = await bench.run(smallJob(changes), {
    wrap: (transport) =>
      wrapMore({
        ...transport,
        setBaudRate: (baud) => {
          rate = baud;
          return transport.setBaudRate(baud);
        },
      }),
    beforeReset: (board) => Promise.resolve().then(() => void resets.push({ ...board, rate })),
  });
  return { bench, end, resets };
}

describe("a board whose job is done", () => {
  test("runs its firmware, by EN, and whoever listens is told before, at the console's rate", async () => {
    const { bench, end, resets } = await ending(SMALL, {});
    expect(bench.board.inDownloadMode).toBe(false);
    expect(resets).toEqual([{ chip: "esp32", crystalMhz: 40, rate: 115_200 }]);
    expect(end.messages.join()).not.toMatch(/reset by|stays in/);
  });

  test.each(["no-reset", "no-reset-stub"] as const)(
    "stays in its loader after %s, and nobody listens",
    async (after) => {
      const { bench, resets } = await ending(SMALL, { after });
      expect(bench.board.inDownloadMode).toBe(true);
      expect(resets).toEqual([]);
    },
  );

  test("is reset by EN where the chip has no watchdog for that, and that is told", async () => {
    const { bench, end, resets } = await ending(SMALL, { after: "watchdog-reset" });
    expect(end.messages).toContain("ESP32 has no watchdog reset for the loader: reset by EN.");
    expect(bench.board.inDownloadMode).toBe(false);
    expect(resets).toHaveLength(1);
  });

  test("is reset by its watchdog where that is asked for and there, and nothing is said", async () => {
    const { bench, end } = await ending("virtual:esp32c3", { chip: "esp32c3", after: "watchdog-reset" });
    expect(bench.board.inDownloadMode).toBe(false);
    expect(end.messages.join()).not.toContain("watchdog");
  });

  test("on USB-OTG is reset by its watchdog, as its line does not start the firmware, and that is told", async () => {
    const { bench, end } = await ending("virtual:esp32s2?usb=otg&boot=download", { chip: "esp32s2" });
    expect(end.messages).toContain(
      "ESP32-S2 was reset by its watchdog: on this USB port its reset line does not start the firmware.",
    );
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test("stays in its loader where the port has no lines, and that is told", async () => {
    const { bench, end, resets } = await ending(
      `${SMALL}&boot=download`,
      { before: "no-reset", baud: 115_200 },
      withoutLines,
    );
    expect(end.messages.join("\n")).toMatch(/ has no reset lines: the board stays in its loader until it is reset\./);
    expect(bench.board.inDownloadMode).toBe(true);
    expect(resets).toEqual([]);
  });

  test("is not asked for a soft reset, which the loader cannot do: refused before anything is erased", async () => {
    const { bench, end } = await ending(SMALL, { after: "soft-reset" });
    expect(end.error).toMatchObject({
      code: "chip/unsupported",
      message: expect.stringContaining("soft-reset") as string,
    });
    expect(bench.board.flash.bytes[dataOffset]).toBe(0xff);
  });
});

describe("a board whose job has failed before any change", () => {
  const failing = async (changes: Partial<FlashJob>, wrap?: (port: Transport) => Transport): Promise<Ending> => {
    const { before = "default-reset" } = changes;
    const query = before.startsWith("no-reset") ? "&boot=download" : "";
    return ending(`${SMALL}${query}`, { expectMac: "24:6f:28:00:00:01", ...changes }, wrap);
  };

  test("runs its firmware again, unless the job would have left it in its loader or did not reset it", async () => {
    for (const [changes, stays] of [
      [{}, false],
      [{ after: "no-reset" }, true],
      [{ before: "no-reset" }, true],
    ] as const) {
      const { bench, end } = await failing(changes);
      expect(end.code).toBe("chip/wrong-board");
      expect(bench.board.inDownloadMode).toBe(stays);
      expect(end.lines ?? { dtr: false, rts: false }).toEqual({ dtr: false, rts: false });
    }
  });

  test("whose lines cannot be set any more is told its own error, not theirs", async () => {
    let isGone = false;
    const { end } = await failing({}, (port) => ({
      ...port,
      setBaudRate: (baud) => port.setBaudRate(baud),
      write: (bytes) => {
        isGone = true;
        return port.write(bytes);
      },
      setSignals: (lines) =>
        isGone ? Promise.reject(new FlashError("port/lost", "the port is gone")) : port.setSignals(lines),
    }));
    expect(end.code).toBe("chip/wrong-board");
  });
});

test("a board that was changed and is not in order never starts by itself", async () => {
  const bench = smallBoard("&fault=sector-stuck:128");
  bench.board.flash.bytes.fill(0, dataOffset, dataOffset + 1);
  const end = await bench.run(smallJob());
  expect(end.code).toBe("verify/mismatch");
  expect(bench.board.inDownloadMode).toBe(true);
  expect(end.lines).toEqual({ dtr: false, rts: false });
});
