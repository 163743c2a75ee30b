import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { createBench } from "../support/board-bench.js";

const BOOTLOADER = 0x1000;
const TABLE = 0x8000;
const APP = 0x10000;
const firmware = buildDemoFirmware(esp32);
const RUNS = /cpu_start: Starting scheduler/;

/** What a board prints in its first boots when the demo firmware is on it, changed by `damage`. */
async function bootLog(damage: (flash: Buffer) => void): Promise<string> {
  const bench = createBench();
  const flash = bench.board.flash.bytes;
  flash.set(firmware, BOOTLOADER);
  damage(Buffer.from(flash.buffer));
  bench.board.powerCycle();
  await bench.pass(1500);
  return Buffer.from(bench.heard()).toString("latin1");
}

const flip = (flash: Buffer, offset: number): void => {
  flash.writeUInt8(flash.readUInt8(offset) ^ 1, offset);
};

test("the demo firmware boots, once, and says who it is", async () => {
  const log = await bootLog(() => undefined);
  expect(log).toMatch(RUNS);
  expect(log).toContain("Project name:     esp32-flash-action-demo");
  expect(log.split("rst:")).toHaveLength(2);
});

describe("what a real ROM or second stage would not boot loops instead", () => {
  test.each<readonly [string, (flash: Buffer) => void, RegExp]>([
    ["a bootloader with a flipped bit", (flash) => flip(flash, BOOTLOADER + 0x100), /csum err/],
    ["a bootloader that loads where no RAM is", (flash) => flash.writeUInt8(0x20, BOOTLOADER + 27), /TG0WDT/],
    ["a table with a flipped bit", (flash) => flip(flash, TABLE + 12), /Partition table MD5 mismatch/],
    ["something else where the table should be", (flash) => flash.fill(0x11, TABLE, TABLE + 32), /magic number 0x1111/],
    ["no table", (flash) => flash.fill(0xff, TABLE, TABLE + 0x1000), /No bootable app partitions/],
    ["no app", (flash) => flash.fill(0xff, APP, APP + 0x1000), /Factory app partition is not bootable/],
    ["an app with a flipped bit", (flash) => flip(flash, APP + 0x1000), /esp_image: Checksum failed/],
    [
      "an app with two, that the checksum does not see",
      (flash) => {
        flip(flash, APP + 0x1000);
        flip(flash, APP + 0x1001);
      },
      /Image hash failed/,
    ],
  ])("%s", async (_what, damage, expected) => {
    const log = await bootLog(damage);
    expect(log).toMatch(expected);
    expect(log).not.toMatch(RUNS);
    expect(log.split("rst:").length).toBeGreaterThan(2);
  });

  test("an app of another chip", async () => {
    const log = await bootLog((flash) => {
      const size = firmware.length - (APP - BOOTLOADER);
      flash.writeUInt16LE(5, APP + 12);
      // Without its digest, which the change would spoil; the checksum does not cover the header.
      flash.writeUInt8(0, APP + 23);
      flash.fill(0xff, APP + size);
    });
    expect(log).toMatch(/mismatch chip ID, expected 0, found 5/);
    expect(log).not.toMatch(RUNS);
  });
});
