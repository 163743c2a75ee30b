import { chipNames, chips } from "../../src/chips/index.js";
import { leaveLoader } from "../../src/device/leave-loader.js";
import { attachRomFlash, attachStubFlash } from "../../src/device/open-device.js";
import { startStub, stubHindrance } from "../../src/device/stub.js";
import { opcodes } from "../../src/protocol/opcodes.js";
import { createDeviceBench } from "../support/device-bench.js";

const SECTOR = 0x1000;
const noProgress = (): undefined => undefined;
const rawBlocks = (bytes: Uint8Array): { bytes: Uint8Array; flashBytes: number }[] =>
  Array.from({ length: bytes.length / 0x400 }, (_, index) => ({
    bytes: bytes.subarray(index * 0x400, (index + 1) * 0x400),
    flashBytes: 0x400,
  }));

describe("Secure Download Mode", () => {
  const secured = chipNames.filter((name) => chips[name].securityOf === undefined && name !== "esp32e22");

  test.each(secured)(
    "%s: told apart without registers; only plain writes, and only with a declared size",
    async (name) => {
      const bench = createDeviceBench(`virtual:${name}?security=secure-download`);
      const device = await bench.openRom();
      expect(device.chip.name).toBe(name);
      expect(device.identity).toMatchObject({ mac: "unknown", revision: 0, packageName: chips[name].label });
      expect(device.security.secureDownload).toBe(true);
      expect(bench.commands).not.toContain(opcodes.writeReg);
      expect(stubHindrance(device)).toMatch(chips[name].loadStub === undefined ? /none/ : /Secure Download Mode/);
      await expect(bench.run(() => attachRomFlash(device))).rejects.toMatchObject({ code: "chip/unsupported" });

      const { access, sizeBytes, flashId } = await bench.run(() => attachRomFlash(device, 4 * 0x100000));
      expect({ sizeBytes, flashId }).toEqual({ sizeBytes: 4 * 0x100000, flashId: 0 });
      expect(access).toMatchObject({ verifies: false, inflates: false, reads: false });
      const bytes = new Uint8Array(2 * SECTOR).fill(0x42);
      const stream = { offset: 0x10000, lengthBytes: bytes.length, encoding: "raw", blocks: rawBlocks(bytes) } as const;
      await bench.run(() => access.write(stream, noProgress));
      expect(bench.board.flash.bytes.slice(0x10000, 0x10000 + bytes.length)).toEqual(bytes);
      await expect(bench.run(() => access.md5(0, SECTOR))).rejects.toMatchObject({ code: "chip/unsupported" });
      await expect(bench.run(() => access.read(0, 4))).rejects.toMatchObject({ code: "chip/unsupported" });
    },
  );
});

describe("stubs that a chip does not run", () => {
  test.each([
    ["ESP32-C3 with Secure Boot", "virtual:esp32c3?security=secure-boot", /Secure Boot/],
    ["ESP32-C2 of revision 0", "virtual:esp32c2?revision=0.0", /revision 0/],
    ["ESP32-H21", "virtual:esp32h21", /none/],
  ])("%s: refused before anything is uploaded", async (_name, url, reason) => {
    const bench = createDeviceBench(url);
    const device = await bench.openRom();
    expect(stubHindrance(device)).toMatch(reason);
    await expect(bench.run(() => startStub(device))).rejects.toMatchObject({ code: "device/stub" });
    expect(bench.commands).not.toContain(opcodes.memBegin);
  });

  test("ESP32-S3 with Secure Boot runs it by way of the ROM's read function, which is put back", async () => {
    const bench = createDeviceBench("virtual:esp32s3?security=secure-boot");
    const device = await bench.openStub();
    const pointer = chips.esp32s3.secureBootStubPointer;
    expect(bench.writtenRegisters.filter((address) => address === pointer)).toHaveLength(2);
    expect((await bench.run(() => attachStubFlash(device))).sizeBytes).toBe(4 * 0x100000);
  });

  test.each([
    ["1.0", 100],
    ["1.3", 103],
    ["3.0", 300],
    ["3.1", 301],
    ["3.2", 302],
  ])("ESP32-P4 of revision %s runs its own", async (revision, expected) => {
    const bench = createDeviceBench(`virtual:esp32p4?revision=${revision}`);
    const device = await bench.openStub();
    expect(device.identity.revision).toBe(expected);
    expect((await bench.run(() => attachStubFlash(device))).sizeBytes).toBe(4 * 0x100000);
  });
});

const onJtag = chipNames.filter((name) => chips[name].usb.serialJtag);
const onOtg = chipNames.filter((name) => chips[name].usb.otg);

describe("the chip's own USB ports", () => {
  test.each(onJtag)("%s on USB-Serial/JTAG: no watchdog bites in a minute of work", async (name) => {
    const bench = createDeviceBench(`virtual:${name}?usb=jtag`);
    const device = await bench.openRom();
    const { rtcWatchdog, superWatchdog } = device.chip;
    expect(bench.writtenRegisters).toEqual(
      expect.arrayContaining([rtcWatchdog?.config0, rtcWatchdog?.protect, superWatchdog?.config]),
    );
    const before = bench.board.counters;
    await bench.run(() => bench.connection.sleep(60_000));
    expect(bench.board.counters).toEqual(before);
    await bench.run(() => attachRomFlash(device));
  });

  test("on a bridge the watchdogs are left alone", async () => {
    const bench = createDeviceBench("virtual:esp32c3");
    await bench.openRom();
    expect(bench.writtenRegisters).not.toContain(chips.esp32c3.rtcWatchdog?.config0);
  });

  test.each(onOtg.filter((name) => chips[name].loadStub !== undefined))(
    "%s on USB-OTG: the stub goes up and works in blocks of 2048 bytes",
    async (name) => {
      const bench = createDeviceBench(`virtual:${name}?usb=otg&boot=download`);
      const device = await bench.openStub();
      expect((await bench.run(() => attachStubFlash(device))).access.blockBytes).toBe(0x800);
    },
  );
});

describe("out of the loader", () => {
  test.each(chipNames)("%s on a bridge: by its reset line", async (name) => {
    const bench = createDeviceBench(`virtual:${name}`);
    const device = await bench.openRom();
    expect(await bench.run(() => leaveLoader(device, "lines"))).toBe("lines");
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test.each(chipNames)("%s by its watchdog, where it has one that does it", async (name) => {
    const bench = createDeviceBench(`virtual:${name}`);
    const device = await bench.openRom();
    const before = bench.board.counters;
    const departure = await bench.run(() => leaveLoader(device, "watchdog"));
    expect(departure).toBe(chips[name].reset.byWatchdog ? "watchdog" : "lines");
    // EN rises slowly.
    await bench.run(() => bench.connection.sleep(10));
    const { resets, ownResets } = bench.board.counters;
    expect(resets - before.resets).toBe(departure === "lines" ? 1 : 0);
    // With nothing in its flash it goes on to reset itself.
    expect(ownResets > before.ownResets).toBe(departure === "watchdog");
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test("ESP32-S3: the order to come back in download mode is cleared first", async () => {
    const bench = createDeviceBench("virtual:esp32s3?usb=jtag");
    const device = await bench.openRom();
    await bench.run(() => leaveLoader(device, "lines"));
    expect(bench.writtenRegisters.at(-1)).toBe(0x6000812c);
  });

  test.each(onOtg.filter((name) => name !== "esp32e22"))("%s on USB-OTG with IO0 held: by watchdog", async (name) => {
    const bench = createDeviceBench(`virtual:${name}?usb=otg&boot=download`);
    const device = await bench.openRom();
    expect(await bench.run(() => leaveLoader(device, "lines"))).toBe("watchdog");
  });
});

describe("ESP8266 through its ROM", () => {
  test("an odd number of sectors costs nothing behind them, though the ROM erases one more", async () => {
    const bench = createDeviceBench("virtual:esp8266");
    const device = await bench.openRom();
    const { access } = await bench.run(() => attachRomFlash(device));
    const { bytes } = bench.board.flash;
    const neighbour = Uint8Array.from({ length: SECTOR }, (_, index) => index & 0xff);
    for (const sectors of [1, 3, 7]) {
      bytes.fill(0);
      bytes.set(neighbour, (0x10 + sectors) * SECTOR);
      const data = new Uint8Array(sectors * SECTOR - 0x800).fill(0x33);
      const stream = { offset: 0x10000, lengthBytes: data.length, encoding: "raw", blocks: rawBlocks(data) } as const;
      await bench.run(() => access.write(stream, noProgress));
      expect(bytes.slice(0x10000, 0x10000 + data.length)).toEqual(data);
      expect(bytes.slice((0x10 + sectors) * SECTOR, (0x11 + sectors) * SECTOR)).toEqual(neighbour);
      await bench.run(() => access.erase(0x10000, sectors * SECTOR));
      expect(bytes.slice(0x10000, 0x10000 + sectors * SECTOR).every((byte) => byte === 0xff)).toBe(true);
      expect(bytes.slice((0x10 + sectors) * SECTOR, (0x11 + sectors) * SECTOR)).toEqual(neighbour);
      expect(bytes[0xffff]).toBe(0);
    }
  });

  test("what it erases behind an odd number of sectors is back before the rest is written", async () => {
    const bench = createDeviceBench("virtual:esp8266");
    const device = await bench.openRom();
    const { access } = await bench.run(() => attachRomFlash(device));
    const { bytes } = bench.board.flash;
    bytes.fill(0x5a);
    const data = new Uint8Array(7 * SECTOR).fill(0x33);
    const stream = { offset: 0x10000, lengthBytes: data.length, encoding: "raw", blocks: rawBlocks(data) } as const;
    const seen: (number | undefined)[] = [];
    await bench.run(() => access.write(stream, () => void seen.push(bytes[0x17000])));
    expect(seen.length).toBeGreaterThan(6 * 3);
    expect(new Set(seen)).toEqual(new Set([0x5a]));
  });
});

test("settings that GET_SECURITY_INFO leaves out come from eFuses", async () => {
  const security = async (url: string): Promise<unknown> => (await createDeviceBench(url).openRom()).security;
  expect(await security("virtual:esp32c5?security=flash-encryption,key-manager,encrypt-off")).toMatchObject({
    flashEncryption: true,
    keyManager: true,
    manualEncryptOff: true,
    secureBootV2: false,
  });
  expect(await security("virtual:esp32?security=secure-boot-v1,encrypt-off")).toMatchObject({
    secureBootV1: true,
    secureBootV2: false,
    manualEncryptOff: true,
  });
});
