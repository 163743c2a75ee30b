import type { BootWish } from "../../src/action/boot-check.js";
import { isHealthy } from "../../src/action/heal.js";
import { systemClock } from "../../src/base/clock.js";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { parseLinePattern } from "../../src/monitor/line-pattern.js";
import type { BootReport, SeenApp } from "../../src/monitor/report.js";
import { openVirtualTransport } from "../../src/virtual/virtual-transport.js";
import { flashImage, flashJob } from "../support/jobs.js";

const job = flashJob([flashImage("demo.bin", 0x1000, buildDemoFirmware(esp32))]);

/** What is made of a board that starts an app and keeps it up, by what its log tells. */
async function judged(app: SeenApp | undefined, expect: readonly string[]): Promise<{ well: boolean; said: string[] }> {
  const said: string[] = [];
  const report: BootReport = {
    verdict: "running",
    reason: "The app was started and stays up.",
    durationMs: 3000,
    resets: [],
    panic: [],
    matched: expect,
    missing: [],
    tail: [],
    lines: 12,
    ...(app && { app }),
  };
  const boot = {
    begin: () => Promise.resolve(),
    finish: () => Promise.resolve({ report, logFile: "boot.log" }),
    close: () => Promise.resolve(),
  };
  const wish: BootWish = {
    consolePort: undefined,
    consoleBaud: 115_200,
    expect: expect.map(parseLinePattern),
    failOn: [],
    bootTimeoutMs: 15_000,
    settleMs: 3000,
  };
  const reporter = {
    listener: (event: { readonly kind: string; readonly text?: string }): void => void said.push(event.text ?? ""),
    openGroup: () => undefined,
    closeGroup: () => undefined,
  };
  const transport = await openVirtualTransport("virtual:esp32", systemClock);
  try {
    const notes = { name: "board", durationMs: 0 };
    const surroundings = { clock: systemClock, signal: new AbortController().signal, reporter };
    return { well: await isHealthy(transport, notes, [{ job }], { boot, wish }, surroundings), said };
  } finally {
    await transport.close();
  }
}

test("an app that runs and names itself is left alone", async () => {
  expect((await judged({ project: "demo" }, [])).well).toBe(true);
});

test("an app that runs and does not name itself is left alone only if it prints what is expected", async () => {
  expect((await judged(undefined, ["ready"])).well).toBe(true);
  const { well, said } = await judged(undefined, []);
  expect(well).toBe(false);
  expect(said.join()).toContain("does not tell which app runs");
});
