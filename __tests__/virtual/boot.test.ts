import { chips } from "../../src/chips/index.js";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { inspectFirmware } from "../../src/image/inspect.js";
import { siliconNames } from "../../src/virtual/silicon-table.js";
import { createBench } from "../support/board-bench.js";
import { sharedFile } from "../support/shared-files.js";

const BOOTLOADER = 0x1000;
const TABLE = 0x8000;
const APP = 0x10000;
const firmware = buildDemoFirmware(esp32);
const RUNS = /main_task: Calling app_main/;

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

test.each(siliconNames.filter((chip) => chip !== "esp8266"))(
  "%s: bootloader and app of the demo say what is really in the flash",
  async (chip) => {
    const content = buildDemoFirmware(chips[chip], 7);
    const app = inspectFirmware(content).apps[0]?.image.app;
    const bench = createBench({ chip });
    bench.board.flash.bytes.set(content, chips[chip].bootloaderOffset);
    bench.board.powerCycle();
    await bench.pass(1500);
    const log = Buffer.from(bench.heard()).toString("latin1");
    const spoken = [
      "boot: ESP-IDF v5.4-demo 2nd stage bootloader",
      `boot.${chip}: SPI Flash Size : 4MB`,
      "boot:  2 factory          factory app      00 00 00010000 00100000",
      "esp_image: segment 0: paddr=00010020",
      "boot: Loaded app from partition at offset 0x10000",
      "app_init: Project name:     esp32-flash-action-demo",
      "app_init: App version:      1.0.7",
      `app_init: ELF file SHA256:  ${app?.elfSha256.slice(0, 9)}...`,
      "main_task: Calling app_main()",
    ];
    const places = spoken.map((words) => log.indexOf(words));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
    expect(log.split("rst:")).toHaveLength(2);
  },
);

test("a bootloader without the words for it logs errors only", async () => {
  // Letters change places, so that the checksum stays as it is.
  const log = await bootLog((flash) => flash.write("n2d stage", flash.indexOf("2nd stage")));
  expect(log).not.toContain("boot: ");
  expect(log).toMatch(RUNS);
});

const APP_CODE = 0x10000 + 24;
/** A mapped segment that the MMU cannot show, one in no memory, and one that is not whole words. */
test.each<readonly [string, number, number, RegExp]>([
  ["esp32", APP_CODE, 0x3f410021, /Segment 0 load address 0x3f410021, doesn't match data 0x00010020/],
  ["esp32", APP_CODE, 0x60000000, /Segment 0 0x60000000-0x6000fff0 invalid: bad load address range/],
  ["esp32c3", APP_CODE, 0x3c000024, /Segment 0 load address 0x3c000024, doesn't match data 0x00010020/],
  ["esp32c6", APP_CODE, 0x3c000020, /Segment 0 0x3c000020-0x3c004010 invalid: bad load address range/],
  ["esp32p4", APP_CODE, 0x44000020, /Segment 0 0x44000020-0x44004010 invalid: bad load address range/],
])("%s: a segment that cannot go where it wants", async (chip, at, address, expected) => {
  const name = siliconNames.find((candidate) => candidate === chip) ?? "esp32";
  const bench = createBench({ chip: name });
  const flash = bench.board.flash.bytes;
  flash.set(buildDemoFirmware(chips[name]), chips[name].bootloaderOffset);
  Buffer.from(flash.buffer).writeUInt32LE(address, at);
  bench.board.powerCycle();
  await bench.pass(1500);
  const log = Buffer.from(bench.heard()).toString("latin1");
  expect(log).toMatch(expected);
  expect(log).not.toMatch(RUNS);
});

/** Apps that ESP-IDF's linker laid out; they tell whether the memory maps here are the chips'. */
const builtApps = siliconNames.flatMap((chip) => {
  const content = sharedFile("fixtures", "images", `helloworld-${chip}.bin`);
  return content === undefined || chip === "esp8266" ? [] : [[chip, content] as const];
});
if (builtApps.length === 0) test.skip("apps that were really built (../shared/fixtures is not here)", () => undefined);
for (const [chip, app] of builtApps) {
  test(`${chip}: an app that was really built starts`, async () => {
    const bench = createBench({ chip });
    const flash = bench.board.flash.bytes;
    flash.set(buildDemoFirmware(chips[chip]), chips[chip].bootloaderOffset);
    flash.fill(0xff, APP).set(app, APP);
    bench.board.powerCycle();
    await bench.pass(1500);
    const log = Buffer.from(bench.heard()).toString("latin1");
    expect(log).not.toMatch(/esp_image: (?!segment)|not bootable/);
    expect(log).toMatch(/Starting scheduler|Calling app_main/);
  });
}
