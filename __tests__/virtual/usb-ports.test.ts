import { words } from "../../src/base/bytes.js";
import { siliconNames, silicons } from "../../src/virtual/silicon-table.js";
import type { SiliconName } from "../../src/virtual/silicon-table.js";
import type { Silicon } from "../../src/virtual/silicon.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { createBench, dataPayload, SYNC } from "../support/board-bench.js";
import type { BoardBench } from "../support/board-bench.js";
import { readRegister, someBytes, writeRegister } from "../support/board-chips.js";

/** Bits of a reset of the whole chip by the RTC watchdog: on, reset system in stage 0, as esptool writes them. */
const RESET_ALL = ((1 << 31) | (5 << 28) | (1 << 8) | 2) >>> 0;
const KEY = 0x50d83aa1;

const silicon = (chip: SiliconName): Silicon => silicons[chip];
const withSerialJtag = siliconNames.filter((chip) => silicon(chip).usb.serialJtag);
const withOtg = siliconNames.filter((chip) => silicon(chip).usb.otgProductId !== undefined);

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** esptool's sequence into the loader of USB-Serial/JTAG: both lines idle, DTR, both, RTS alone, idle. */
async function intoLoader(bench: BoardBench): Promise<void> {
  for (const [dtr, rts] of [
    [false, false],
    [true, false],
    [true, true],
    [false, true],
    [false, false],
  ] as const) {
    bench.board.setLines({ dtr, rts });
    await bench.pass(100);
  }
}

async function pulseRts(bench: BoardBench): Promise<void> {
  bench.board.setLines({ dtr: false, rts: true });
  await bench.pass(200);
  bench.board.setLines({ dtr: false, rts: false });
  await bench.pass(200);
}

/** As the host has to, or the chip resets itself in the middle of its work. */
async function stopWatchdogs(bench: BoardBench, chip: SiliconName): Promise<void> {
  const { watchdogs } = silicon(chip);
  if (watchdogs === undefined) throw new Error(`no watchdogs of ${chip}`);
  await writeRegister(bench, watchdogs.protect, KEY);
  await writeRegister(bench, watchdogs.config0, 0);
  await writeRegister(bench, watchdogs.superProtect, watchdogs.superKey);
  await writeRegister(bench, watchdogs.superConfig, watchdogs.superAutoFeed);
}

describe.each(withSerialJtag)("%s on USB-Serial/JTAG", (chip) => {
  const open = async (): Promise<BoardBench> => {
    const bench = createBench({ chip, usb: "jtag" });
    await bench.pass(10);
    return bench;
  };

  test("is Espressif's 303a:1001, resets its core at RTS, and goes where DTR said", async () => {
    const bench = await open();
    expect(boardTransport(bench.board, "test").capabilities.usb).toEqual({ vendorId: 0x303a, productId: 0x1001 });
    expect(bench.board.inDownloadMode).toBe(false);
    bench.heard();
    await intoLoader(bench);
    expect(bench.board.inDownloadMode).toBe(true);
    expect(text(bench.heard())).toMatch(chip === "esp32p4" ? /rst:0x17 \(CHIP_USB_UART_/ : /rst:0x15 \(USB_UART_/);
    expect((await bench.request(0x08, SYNC)).length).toBe(8);
  });

  test("takes bytes at any rate", async () => {
    const bench = await open();
    await intoLoader(bench);
    bench.board.setHostBaud(921_600);
    expect((await bench.request(0x08, SYNC)).length).toBe(8);
  });

  test("is thrown out of its loader by its watchdogs unless they are stopped", async () => {
    for (const stops of [false, true]) {
      const bench = await open();
      let lost = 0;
      bench.board.onLinkLost(() => lost++);
      await intoLoader(bench);
      await bench.request(0x08, SYNC);
      if (stops) await stopWatchdogs(bench, chip);
      await bench.pass(20_000);
      expect([bench.board.inDownloadMode, lost > 0]).toEqual([stops, !stops]);
    }
  });

  test("stays in its loader at RTS if BOOT was held at power-on, and leaves it by its watchdog", async () => {
    const bench = createBench({ chip, usb: "jtag", boot: "download" });
    await bench.pass(10);
    const { forceDownload, watchdogs } = silicon(chip);
    expect(bench.board.inDownloadMode).toBe(true);
    await pulseRts(bench);
    expect(bench.board.inDownloadMode).toBe(true);
    if (forceDownload !== undefined) await writeRegister(bench, forceDownload.register, 0);
    if (watchdogs === undefined) return;
    let lost = 0;
    bench.board.onLinkLost(() => lost++);
    await writeRegister(bench, watchdogs.protect, KEY);
    await writeRegister(bench, watchdogs.config1, 2000);
    await writeRegister(bench, watchdogs.config0, RESET_ALL);
    await bench.pass(500);
    expect([bench.board.inDownloadMode, lost]).toEqual([false, 1]);
  });
});

describe.each(withOtg)("%s on USB-OTG", (chip) => {
  test("has its chip id as product id, and stays in a loader that was entered by hand", async () => {
    const bench = createBench({ chip, usb: "otg", boot: "download" });
    await bench.pass(10);
    const { usb } = boardTransport(bench.board, "test").capabilities;
    expect(usb).toEqual({ vendorId: 0x303a, productId: silicon(chip).chipId });
    await pulseRts(bench);
    expect(bench.board.inDownloadMode).toBe(true);
    expect(bench.board.counters).toMatchObject({ powerOns: 1, resets: 1 });
    expect((await bench.request(0x08, SYNC)).length).toBe(8);
  });
});

test("on USB-OTG a block of 0x1800 bytes gets lost, one of 0x800 arrives", async () => {
  const bench = createBench({ chip: "esp32s2", usb: "otg", boot: "download" });
  await bench.pass(10);
  await bench.request(0x08, SYNC);
  await bench.request(0x05, words(0x2000, 2, 0x1800, 0x3ffd0000));
  for (const [lengthBytes, replies] of [
    [0x1800, 0],
    [0x800, 1],
  ] as const) {
    const { payload, checksum } = dataPayload(someBytes(lengthBytes), 0);
    expect((await bench.request(0x07, payload, checksum)).length).toBe(replies);
  }
});

test("ESP32-S3: the loader stays until its force-download bit is cleared", async () => {
  for (const clears of [false, true]) {
    const bench = createBench({ chip: "esp32s3", usb: "jtag" });
    await bench.pass(10);
    await intoLoader(bench);
    await bench.request(0x08, SYNC);
    expect((await readRegister(bench, 0x6000812c)) & 1).toBe(1);
    if (clears) await writeRegister(bench, 0x6000812c, 0);
    await pulseRts(bench);
    expect(bench.board.inDownloadMode).toBe(!clears);
  }
});

test("a watchdog that nobody opened takes no orders", async () => {
  const bench = createBench({ chip: "esp32c3" });
  await bench.intoRom();
  await bench.request(0x09, words(0x60008094, 2000, 0xffffffff, 0));
  await writeRegister(bench, 0x60008090, RESET_ALL);
  await bench.pass(1000);
  expect(bench.board.inDownloadMode).toBe(true);
});
