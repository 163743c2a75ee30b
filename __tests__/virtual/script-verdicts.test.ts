import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import type { BootVerdict } from "../../src/monitor/report.js";
import { bootOf } from "../support/watched-boot.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "script-verdicts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the boot check makes of each thing that an app can be told to do. */
test.each<readonly [string, BootVerdict, "uart" | "jtag"]>([
  ["", "running", "uart"],
  ['print "ready"', "running", "uart"],
  ["quiet\n  hang", "silent", "uart"],
  ["reset restart", "boot-loop", "uart"],
  ["reset tg0-watchdog", "boot-loop", "uart"],
  ["reset tg1-watchdog", "boot-loop", "uart"],
  ["reset rtc-watchdog", "boot-loop", "uart"],
  ["reset brownout", "boot-loop", "uart"],
  ["brownout", "boot-loop", "uart"],
  ["panic", "panic", "uart"],
  ['panic "StoreProhibited"', "panic", "uart"],
  ["abort", "panic", "uart"],
  ['print "up"\n  wait 2s\n  panic', "panic", "uart"],
  ["boot 1\n  reset restart", "running", "uart"],
  ["boot 1-2\n  reset restart", "boot-loop", "uart"],
  ["boot 1\n  sleep 1s", "running", "uart"],
  ['boot 1\n  wait 2s\n  usb-leave 300ms\n  wait 1s\n  print "back"', "running", "jtag"],
  ['boot 1\n  wait 2s\n  reset rtc-watchdog\nboot 2\n  wait 1s\n  print "up"', "running", "jtag"],
])("%j is %s over %s", async (steps, verdict, usb) => {
  const scriptFile = path.join(folder, "board.txt");
  writeFileSync(scriptFile, `app *\n  ${steps}\n`);
  const report = await bootOf("esp32c3", buildDemoFirmware(chips.esp32c3), {}, { scriptFile, usb });
  expect([report.verdict, report.reason]).toEqual([verdict, expect.any(String)]);
});
