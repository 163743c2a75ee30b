import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { chipNames, chips } from "../../src/chips/index.js";
import type { ChipName } from "../../src/chips/index.js";
import type { Device } from "../../src/device/device.js";
import type { BlockStream, FlashAccess } from "../../src/device/flash-access.js";
import { attachRomFlash, attachStubFlash } from "../../src/device/open-device.js";
import type { AttachedFlash } from "../../src/device/open-device.js";
import { createDeviceBench } from "../support/device-bench.js";
import type { DeviceBench } from "../support/device-bench.js";

const MAC = "4c:11:ae:b9:90:54";
const SECTOR = 0x1000;

/** Bytes that do not deflate to nothing. */
function pattern(lengthBytes: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: lengthBytes }, (_, index) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return index % 5 === 0 ? index & 0xff : (state >>> 16) & 0x3f;
  });
}

function streamOf(
  access: FlashAccess,
  offset: number,
  bytes: Uint8Array,
  encoding: BlockStream["encoding"],
): BlockStream {
  const { blockBytes } = access;
  const padded = new Uint8Array(Math.ceil(bytes.length / blockBytes) * blockBytes).fill(0xff);
  padded.set(bytes);
  const sent = encoding === "raw" ? padded : deflateSync(bytes, { level: 9 });
  const blocks = Array.from({ length: Math.ceil(sent.length / blockBytes) }, (_, index) => ({
    bytes: sent.subarray(index * blockBytes, (index + 1) * blockBytes),
    flashBytes: blockBytes,
  }));
  return { offset, lengthBytes: bytes.length, encoding, blocks };
}

const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");
const onBoard = (bench: DeviceBench, offset: number, lengthBytes: number): Uint8Array =>
  bench.board.flash.bytes.slice(offset, offset + lengthBytes);

function checkIdentity(device: Device, name: ChipName, bench: DeviceBench): void {
  expect(device.chip).toBe(chips[name]);
  expect(device.identity.mac).toBe(MAC);
  expect(device.identity.packageName).not.toContain("(package");
  expect(device.security.secureDownload).toBe(false);
  const { start, end } = device.chip.efuses;
  expect(bench.writtenRegisters.filter((address) => address >= start && address < end)).toEqual([]);
}

async function checkFlash(bench: DeviceBench, flash: AttachedFlash): Promise<void> {
  const { access } = flash;
  const noProgress = (): undefined => undefined;
  expect(flash.sizeBytes).toBe(4 * 0x100000);
  bench.board.flash.bytes.fill(0x5a, 0, 0x40000);
  const data = pattern(9 * SECTOR + 100, 7);
  for (const encoding of access.inflates ? (["raw", "deflate"] as const) : (["raw"] as const)) {
    const offset = encoding === "raw" ? 0x3000 : 0x20000;
    await bench.run(() => access.write(streamOf(access, offset, data, encoding), noProgress));
    // The last block of the stub is written after its acknowledgement; END has waited for it.
    expect(Buffer.compare(onBoard(bench, offset, data.length), data)).toBe(0);
    expect(onBoard(bench, offset - 1, 1)[0]).toBe(0x5a);
    expect(onBoard(bench, offset + 10 * SECTOR, SECTOR).every((byte) => byte === 0x5a)).toBe(true);
    if (access.verifies) expect(await bench.run(() => access.md5(offset, data.length))).toBe(md5(data));
    expect(Buffer.from(await bench.run(() => access.read(offset, 68)))).toEqual(Buffer.from(data.subarray(0, 68)));
  }
  await bench.run(() => access.erase(0x30000, 3 * SECTOR));
  expect(onBoard(bench, 0x30000, 3 * SECTOR).every((byte) => byte === 0xff)).toBe(true);
  expect(onBoard(bench, 0x33000, SECTOR).every((byte) => byte === 0x5a)).toBe(true);
  if (!access.verifies) {
    await expect(bench.run(() => access.md5(0, SECTOR))).rejects.toMatchObject({ code: "chip/unsupported" });
  }
}

test.each(chipNames)("%s, ROM: told apart, identified, written and read back", async (name) => {
  const bench = createDeviceBench(`virtual:${name}?mac=${MAC}`);
  const device = await bench.openRom();
  const flash = await bench.run(() => attachRomFlash(device));
  expect(flash.access.verifies).toBe(name !== "esp8266");
  await checkFlash(bench, flash);
  checkIdentity(device, name, bench);
});

const withStub = chipNames.filter((name) => chips[name].loadStub !== undefined);

test.each(withStub)("%s, stub: started, identified, written and read back", async (name) => {
  const bench = createDeviceBench(`virtual:${name}?mac=${MAC}`);
  const device = await bench.openStub();
  const flash = await bench.run(() => attachStubFlash(device));
  expect(flash.access.verifies).toBe(true);
  await checkFlash(bench, flash);
  checkIdentity(device, name, bench);
});

test.each(chipNames.filter((name) => chips[name].loadStub === undefined))("%s has no stub to start", async (name) => {
  const bench = createDeviceBench(`virtual:${name}`);
  await expect(bench.openStub()).rejects.toMatchObject({ code: "device/stub" });
});
