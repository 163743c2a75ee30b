import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { inspectFirmware } from "../../src/image/inspect.js";
import { siliconNames } from "../../src/virtual/silicon-table.js";
import { bootOf } from "../support/watched-boot.js";

const withApp = siliconNames.filter((chip) => chip !== "esp8266");
const flip = (content: Uint8Array, at: number): Uint8Array => content.with(at, (content[at] ?? 0) ^ 1);

test.each(withApp)("%s: the demo firmware runs, and is the app that was flashed", async (chip) => {
  const content = buildDemoFirmware(chips[chip], 7);
  const app = inspectFirmware(content).apps[0]?.image.app;
  const report = await bootOf(chip, content, app === undefined ? {} : { app });
  expect([report.verdict, report.reason, report.app?.version]).toEqual(["running", expect.any(String), app?.version]);
  const other = await bootOf(chip, content, { app: { version: "another" } });
  expect(other.verdict).toBe("wrong-app");
});

test.each(siliconNames)("%s: a blank board has no bootloader, whichever way its ROM says so", async (chip) => {
  for (const invalidHeader of ["silent", "printed"] as const) {
    const { verdict, reason } = await bootOf(chip, new Uint8Array(0), {}, { invalidHeader });
    expect([verdict, reason]).toEqual(["boot-loop", expect.stringContaining("The flash holds no bootloader.")]);
  }
});

test.each(["esp32", "esp32c3", "esp32p4"] as const)("%s: damaged firmware does not pass", async (chip) => {
  const content = buildDemoFirmware(chips[chip], 7);
  const appAt = inspectFirmware(content).apps[0]?.offset ?? 0;
  for (const at of [0x100, appAt + 0x200]) expect((await bootOf(chip, flip(content, at))).verdict).toBe("boot-loop");
});

test.each(siliconNames)("%s: a held BOOT button is download mode", async (chip) => {
  expect((await bootOf(chip, new Uint8Array(0), {}, { boot: "download" })).verdict).toBe("download-mode");
});
