import { chipNames, chips } from "../../src/chips/index.js";
import type { ChipName } from "../../src/chips/index.js";
import { leaveLoader } from "../../src/device/leave-loader.js";
import { attachRomFlash, attachStubFlash } from "../../src/device/open-device.js";
import { writeWord } from "../../src/device/registers.js";
import { startStub, stubHindrance } from "../../src/device/stub.js";
import { createDeviceBench } from "../support/device-bench.js";

/** Boards of a chip: every port that it has, and what changes the registers that are written. */
function boardsOf(name: ChipName): string[] {
  const { usb } = chips[name];
  const revisions = name === "esp32p4" ? ["?revision=3.1", "?revision=3.2"] : [];
  const secured = name === "esp32s3" ? ["?security=secure-boot"] : [];
  const ports = ["", ...(usb.serialJtag ? ["?usb=jtag"] : []), ...(usb.otg ? ["?usb=otg&boot=download"] : [])];
  return [...ports, ...revisions, ...secured].map((query) => `virtual:${name}${query}`);
}

test.each(chipNames)("%s: whatever is done, no register of the eFuse controller is written", async (name) => {
  const written = new Set<number>();
  for (const url of boardsOf(name)) {
    for (const ending of ["lines", "watchdog"] as const) {
      const bench = createDeviceBench(url);
      const rom = await bench.openRom();
      const { access } = await bench.run(() => attachRomFlash(rom));
      await bench.run(() => access.erase(0, 0x1000));
      await bench.run(() => access.read(0, 64));
      const device = stubHindrance(rom) === undefined ? await bench.run(() => startStub(rom)) : rom;
      if (device.loader === "stub") await bench.run(() => attachStubFlash(device));
      await bench.run(() => leaveLoader(device, ending));
      bench.writtenRegisters.forEach((address) => written.add(address));
      expect(bench.board.counters.efuseWrites).toBe(0);
    }
  }
  const { start, end } = chips[name].efuses;
  expect(written.size).toBeGreaterThan(4);
  expect([...written].filter((address) => address >= start && address < end)).toEqual([]);
});

test.each(chipNames)("%s: a write to its eFuses is stopped before a byte is sent", async (name) => {
  const bench = createDeviceBench(`virtual:${name}`);
  const { chip } = await bench.openRom();
  const sent = bench.commands.length;
  for (const address of [chip.efuses.start, chip.efuses.end - 4]) {
    await expect(writeWord(bench.connection, chip, address, 1)).rejects.toMatchObject({ code: "internal/unexpected" });
  }
  expect(bench.commands.length).toBe(sent);
});

test("ESP32-P4 3.1 gets power for its flash, 3.0 has it", async () => {
  const PAD_GROUP_POWER = 0x5011010c;
  const powered = async (revision: string): Promise<boolean> => {
    const bench = createDeviceBench(`virtual:esp32p4?revision=${revision}`);
    await bench.openRom();
    return bench.writtenRegisters.includes(PAD_GROUP_POWER);
  };
  expect(await powered("3.1")).toBe(true);
  expect(await powered("3.0")).toBe(false);
});
