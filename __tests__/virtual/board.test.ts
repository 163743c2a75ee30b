import { words } from "../../src/base/bytes.js";
import { createBench, requestFrame, statusOf, SYNC, dataPayload } from "../support/board-bench.js";
import type { BoardBench } from "../support/board-bench.js";
import type { Fault } from "../../src/virtual/faults.js";
import { framesIn } from "../support/traces.js";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const withFault = (name: Fault["name"], number = 1): BoardBench => createBench({ faults: [{ name, number }] });

describe("EN and IO0 behind their two transistors", () => {
  /** Sets the lines in turn, each followed by its pause, and says what the chip did. */
  async function play(bench: BoardBench, steps: readonly (readonly [dtr: 0 | 1, rts: 0 | 1, pauseMs: number])[]) {
    await bench.pass(10);
    bench.heard();
    for (const [dtr, rts, pauseMs] of steps) {
      bench.board.setLines({ dtr: dtr === 1, rts: rts === 1 });
      if (pauseMs > 0) await bench.pass(pauseMs);
    }
    await bench.pass(1);
    return /boot:0x[0-9a-f]+/.exec(text(bench.heard()))?.[0] ?? "no reset";
  }

  test.each([
    [
      "RTS alone resets; idle again, it runs",
      [
        [0, 1, 100],
        [0, 0, 50],
      ],
      "boot:0x12",
    ],
    [
      "both lines at once, as Linux sets them, load",
      [
        [0, 1, 100],
        [1, 0, 50],
        [0, 0, 5],
      ],
      "boot:0xf",
    ],
    [
      "one line soon after the other loads, too",
      [
        [0, 1, 100],
        [1, 1, 1],
        [1, 0, 50],
      ],
      "boot:0xf",
    ],
    [
      "one line long after the other is too late for IO0",
      [
        [0, 1, 100],
        [1, 1, 20],
        [1, 0, 50],
      ],
      "boot:0x12",
    ],
    [
      "DTR alone and both together reset nothing",
      [
        [1, 0, 50],
        [1, 1, 50],
        [0, 0, 50],
      ],
      "no reset",
    ],
    ["held in reset it stays silent", [[0, 1, 500]], "no reset"],
  ] as const)("%s", async (_what, steps, expected) => {
    expect(await play(createBench(), steps)).toBe(expected);
  });

  test("a held BOOT button loads without any line, and a cut IO0 never does", async () => {
    expect(
      await play(createBench({ boot: "download" }), [
        [0, 1, 100],
        [0, 0, 50],
      ]),
    ).toBe("boot:0xf");
    expect(
      await play(withFault("run-mode"), [
        [0, 1, 100],
        [1, 0, 50],
      ]),
    ).toBe("boot:0x12");
  });
});

describe("boot", () => {
  test("a blank board resets itself only while somebody reads what it prints", async () => {
    const bench = createBench();
    await bench.pass(3000);
    const resets = text(bench.heard()).split("rst:").length - 1;
    expect(resets).toBeGreaterThan(5);
    bench.board.close();
    expect(bench.clock.pending).toBe(0);
  });

  test("the invalid header can be printed, as ROMs of boards do", async () => {
    const bench = createBench({ invalidHeader: "printed" });
    await bench.pass(1);
    await bench.pass(1);
    expect(text(bench.heard())).toContain("invalid header: 0xffffffff\r\n");
  });

  test("a bootloader with a wrong checksum is not started", async () => {
    const bench = createBench();
    bench.board.flash.bytes.set([0xe9, 1, 2, 0x20], 0x1000);
    bench.board.flash.bytes.fill(0, 0x1004, 0x1040);
    bench.board.powerCycle();
    await bench.pass(10);
    expect(text(bench.heard())).toMatch(/csum err:0x[0-9a-f]+!=0x0/);
  });
});

describe("power", () => {
  test("lost during an erase leaves the sectors weak, and after it leaves none", async () => {
    for (const [afterMs, weak] of [
      [100, 16],
      [300, 0],
    ] as const) {
      const bench = createBench({ timing: "modelled" });
      await bench.intoRom();
      await bench.intoStub();
      bench.board.receive(requestFrame(0xd1, words(0x10000, 0x10000)));
      await bench.pass(afterMs);
      bench.board.powerLost();
      expect(bench.board.flash.weakSectors).toHaveLength(weak);
      expect(bench.clock.pending).toBe(0);
    }
  });

  test("lost while a sector is programmed leaves part of it", async () => {
    const bench = createBench({ timing: "modelled" });
    await bench.intoRom();
    await bench.intoStub();
    await bench.request(0x02, words(0x1000, 1, 0x4000, 0), 0, 100);
    const { payload, checksum } = dataPayload(new Uint8Array(0x1000), 0);
    const frame = requestFrame(0x03, payload, checksum);
    bench.board.receive(frame);
    await bench.pass((frame.length * 10_000) / 115_200 + 3);
    bench.board.powerLost();
    const zeros = bench.board.flash.bytes.subarray(0, 0x1000).filter((byte) => byte === 0).length;
    expect(zeros).toBeGreaterThan(0);
    expect(zeros).toBeLessThan(0x1000);
  });
});

describe("modelled time", () => {
  test("frames take the line's time both ways, and the bridge's latency", async () => {
    const bench = createBench({ timing: "modelled", usbLatencyMs: 16 });
    await bench.intoRom();
    const frame = requestFrame(0x0a, words(0x40001000));
    const wireMs = ((frame.length + 14) * 10_000) / 115_200;
    expect(await bench.exchange(frame, wireMs + 15.9)).toHaveLength(0);
    await bench.pass(0.2);
    expect(bench.heard()).toHaveLength(14);
  });

  test("while the stub writes a block it already receives the next", async () => {
    const bench = createBench({ timing: "modelled" });
    await bench.intoRom();
    await bench.intoStub();
    await bench.request(0x02, words(0x8000, 2, 0x4000, 0), 0, 100);
    const block = dataPayload(new Uint8Array(0x4000), 0);
    const frame = requestFrame(0x03, block.payload, block.checksum);
    const wireMs = (frame.length * 10_000) / 115_200;
    bench.board.receive(frame);
    await bench.pass(wireMs);
    bench.board.receive(frame);
    // 64 pages take 25.6 ms, far less than the second block's way; its ACK does not wait for them.
    expect(framesIn(await bench.exchange(new Uint8Array(0), wireMs + 3))).toHaveLength(2);
  });

  test("`speed` divides all of it", async () => {
    const bench = createBench({ timing: "modelled", speed: 100 });
    await bench.intoRom();
    expect(await bench.request(0x0a, words(0x40001000), 0, 0.1)).toHaveLength(1);
  });
});

describe("rates", () => {
  test("a rate that the chip does not have makes noise both ways, the same for the same seed", async () => {
    const heard = async (seed: number): Promise<Uint8Array> => {
      const bench = createBench({ seed });
      await bench.intoRom();
      bench.board.setHostBaud(57_600);
      await bench.reset("run");
      return bench.heard();
    };
    const noise = await heard(1);
    expect(noise.length).toBeGreaterThan(20);
    expect(text(noise)).not.toContain("rst:");
    expect([...(await heard(1))]).toEqual([...noise]);
    expect([...(await heard(2))]).not.toEqual([...noise]);
  });
});

describe("faults", () => {
  const readMagic = requestFrame(0x0a, words(0x40001000));

  test("silent: nothing comes, not even the boot log", async () => {
    const bench = withFault("silent");
    await bench.reset("download");
    await bench.exchange(requestFrame(0x08, SYNC), 10);
    expect(bench.heard()).toHaveLength(0);
  });

  test("no-sync: the boot log comes, replies do not", async () => {
    const bench = withFault("no-sync");
    await bench.reset("download");
    expect(text(bench.heard())).toContain("boot:0xf");
    expect(await bench.exchange(requestFrame(0x08, SYNC), 10)).toHaveLength(0);
    expect(bench.board.inDownloadMode).toBe(true);
  });

  test("garbage: bytes come, and none of them are the chip's", async () => {
    const bench = withFault("garbage");
    await bench.reset("download");
    const log = bench.heard();
    expect(log.length).toBeGreaterThan(20);
    expect(text(log)).not.toContain("rst");
  });

  test("noisy-above: only above its rate bytes arrive wrong", async () => {
    const bench = withFault("noisy-above", 200_000);
    await bench.intoRom();
    const exchange = (): Promise<Uint8Array> => bench.exchange(Buffer.concat(Array<Uint8Array>(100).fill(readMagic)));
    const right = "c0010a0400831df00000000000c0".repeat(100);
    expect(Buffer.from(await exchange()).toString("hex")).toBe(right);
    await bench.request(0x0f, words(230_400, 0));
    bench.board.setHostBaud(230_400);
    expect(Buffer.from(await exchange()).toString("hex")).not.toBe(right);
  });

  test.each([
    ["to-host-flip", "c0010a0400831de00000000000c0"],
    ["to-host-drop", "c0010a0400831d0000000000c0"],
    ["to-host-double", "c0010a0400831df0f00000000000c0"],
  ] as const)("%s: one byte, once", async (name, wrong) => {
    const probe = createBench();
    let before = 0;
    probe.board.onData((bytes) => (before += bytes.length));
    await probe.intoRom();
    const bench = withFault(name, before + 8);
    await bench.intoRom();
    expect(Buffer.from(await bench.exchange(readMagic)).toString("hex")).toBe(wrong);
    expect(Buffer.from(await bench.exchange(readMagic)).toString("hex")).toBe("c0010a0400831df00000000000c0");
  });

  test.each(["to-chip-flip", "to-chip-drop", "to-chip-double"] as const)("%s: one request goes wrong", async (name) => {
    const sync = requestFrame(0x08, SYNC).length;
    const bench = withFault(name, sync + 13);
    await bench.intoRom();
    const first = Buffer.from(await bench.exchange(readMagic)).toString("hex");
    expect(first).not.toContain("831df000");
    expect(Buffer.from(await bench.exchange(readMagic)).toString("hex")).toContain("831df000");
  });

  test("link-lost-byte and link-lost-command tell of the loss once", async () => {
    for (const name of ["link-lost-byte", "link-lost-command"] as const) {
      const bench = withFault(name, 2);
      let losses = 0;
      bench.board.onLinkLost(() => losses++);
      await bench.reset("download");
      await bench.request(0x08, SYNC);
      await bench.request(0x08, SYNC);
      await bench.request(0x08, SYNC);
      expect(losses).toBe(1);
    }
  });

  test("reset-command: the chip is back in its firmware", async () => {
    const bench = withFault("reset-command", 2);
    await bench.intoRom();
    expect(text(await bench.exchange(readMagic))).toContain("rst:0xf (RTCWDT_BROWN_OUT_RESET),boot:0x12");
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test("stub-dies: silent from that command on, until a reset", async () => {
    const bench = withFault("stub-dies", 2);
    await bench.intoRom();
    await bench.intoStub();
    expect(await bench.exchange(readMagic)).toHaveLength(12);
    expect(await bench.exchange(readMagic)).toHaveLength(0);
    expect(await bench.exchange(readMagic)).toHaveLength(0);
    await bench.intoRom();
  });

  test("sector-stuck, bit-flip and md5-wrong spoil what they name", async () => {
    const bench = createBench({
      faults: [
        { name: "sector-stuck", number: 3 },
        { name: "bit-flip", number: 5 },
        { name: "md5-wrong", number: 1 },
      ],
    });
    await bench.intoRom();
    await bench.intoStub();
    bench.board.flash.bytes.fill(0, 0, 0x10000);
    expect(statusOf((await bench.request(0xd1, words(0, 0x10000)))[0], "stub")).toBe(0);
    expect(bench.board.flash.bytes.subarray(0x3000, 0x4000).every((byte) => byte === 0)).toBe(true);
    expect(bench.board.flash.bytes.subarray(0x4000, 0x10000).every((byte) => byte === 0xff)).toBe(true);
    await bench.request(0x02, words(16, 1, 16, 0x5000));
    const { payload, checksum } = dataPayload(new Uint8Array(16), 0);
    await bench.request(0x03, payload, checksum);
    expect([...bench.board.flash.bytes.subarray(0x5000, 0x5010)].filter((byte) => byte !== 0)).toHaveLength(1);
    const md5 = async (): Promise<string> =>
      text((await bench.request(0x13, words(0x8000, 16, 0, 0)))[0] ?? Buffer.of());
    expect(await md5()).not.toBe(await md5());
  });
});
