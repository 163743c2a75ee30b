import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import type { BoardOptions } from "../../src/virtual/board-options.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { createBench } from "../support/board-bench.js";
import type { BoardBench } from "../support/board-bench.js";
import { codeOf } from "../support/code-of.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "script-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Scripted {
  readonly bench: BoardBench;
  /** All that was heard since the last call. */
  readonly log: () => string;
}

/** A board with the demo firmware, just reset, whose app follows these lines. */
async function open(script: string, options: Partial<BoardOptions> = {}, variant = 0): Promise<Scripted> {
  const scriptFile = path.join(folder, "board.txt");
  writeFileSync(scriptFile, script);
  const { chip = "esp32c3", ...others } = options;
  const bench = createBench({ chip, scriptFile, ...others });
  bench.board.flash.bytes.set(buildDemoFirmware(chips[chip], variant), chips[chip].bootloaderOffset);
  bench.board.setLines({ dtr: false, rts: true });
  await bench.pass(1);
  bench.board.setLines({ dtr: false, rts: false });
  return { bench, log: () => Buffer.from(bench.heard()).toString("utf8") };
}

const count = (log: string, words: string): number => log.split(words).length - 1;

test("fails twice, then runs; the count goes on as long as the app is the same", async () => {
  const { bench, log } = await open('app *\nboot 1-2\n  panic\nboot 3-\n  print "ready"');
  await bench.pass(3000);
  const first = log();
  expect([
    count(first, "Guru Meditation Error"),
    count(first, "ready"),
    count(first, "rst:0xc (RTC_SW_CPU_RST)"),
  ]).toEqual([2, 1, 2]);
  expect(first.trimEnd().endsWith("ready")).toBe(true);

  await bench.reset("run");
  await bench.pass(1000);
  expect(count(log(), "ready")).toBe(1);

  bench.board.flash.bytes.set(buildDemoFirmware(chips.esp32c3, 1), 0);
  await bench.reset("run");
  await bench.pass(3000);
  expect(count(log(), "Guru Meditation Error")).toBe(2);
});

test("boots are counted beside the flash file, over steps", async () => {
  const flashFile = path.join(folder, "flash.bin");
  const script = 'app *\nboot 1\n  print "first"\nboot 2-\n  print "later"';
  for (const [words, other] of [
    ["first", "later"],
    ["later", "first"],
  ] as const) {
    const { bench, log } = await open(script, { flashFile });
    await bench.pass(1000);
    const heard = log();
    expect([count(heard, words), count(heard, other)]).toEqual([1, 0]);
    bench.board.close();
  }
});

test("as the port is opened, the board is on already and does what it did last", async () => {
  const flashFile = path.join(folder, "flash.bin");
  const script = 'app *\nboot 1\n  print "first"\nboot 2\n  print "second"';
  const { bench } = await open(script, { flashFile });
  await bench.pass(1000);
  bench.board.close();
  writeFileSync(flashFile, bench.board.flash.bytes);
  const again = createBench({ chip: "esp32c3", flashFile, scriptFile: path.join(folder, "board.txt") });
  await again.pass(1000);
  expect(Buffer.from(again.heard()).toString("latin1")).toContain("first");
  await again.reset("run");
  await again.pass(1000);
  expect(Buffer.from(again.heard()).toString("latin1")).toContain("second");
  again.board.close();
});

test("what is done depends on the app that is really in the flash", async () => {
  const script = 'app other\n  print "A"\napp esp32-flash-* 1.0.3\n  print "B"\napp *\n  print "C"';
  for (const [variant, expected] of [
    [3, "B"],
    [4, "C"],
  ] as const) {
    const { bench, log } = await open(script, {}, variant);
    await bench.pass(1000);
    expect(log()).toMatch(new RegExp(`app_main\\(\\).*\\s+${expected}\r\n$`));
  }
});

test("an app by its ELF file's digest, without its start lines", async () => {
  const plain = await open("");
  await plain.bench.pass(1000);
  const digits = /ELF file SHA256: {2}([0-9a-f]{9})/.exec(plain.log())?.[1] ?? "";
  const { bench, log } = await open(`app elf:${digits}\n  quiet\n  print "it is me"`);
  await bench.pass(1000);
  const heard = log();
  expect(heard).toContain("it is me");
  expect(heard).not.toMatch(/cpu_start|app_init|main_task/);
});

describe("each way to start anew has the chip's own reason", () => {
  test.each([
    ["esp32", "reset restart", "rst:0xc (SW_CPU_RESET)"],
    ["esp32", "reset tg0-watchdog", "rst:0x7 (TG0WDT_SYS_RESET)"],
    ["esp32", "reset tg1-watchdog", "rst:0x8 (TG1WDT_SYS_RESET)"],
    ["esp32", "reset rtc-watchdog", "rst:0x10 (RTCWDT_RTC_RESET)"],
    ["esp32", "reset brownout", "rst:0xf (RTCWDT_BROWN_OUT_RESET)"],
    ["esp32", "sleep 1s", "rst:0x5 (DEEPSLEEP_RESET)"],
    ["esp32s3", "reset restart", "rst:0xc (RTC_SW_CPU_RST)"],
    ["esp32s3", "sleep 1s", "rst:0x5 (DSLEEP)"],
    ["esp32c6", "reset tg1-watchdog", "rst:0x8 (TG1_WDT_HPSYS)"],
    ["esp32c6", "sleep 1s", "rst:0x5 (SLEEP_WAKEUP)"],
    ["esp32p4", "reset restart", "rst:0xc (SW_CPU_RESET)"],
    ["esp32p4", "sleep 1s", "rst:0x5 (PMU_SYS_PWR_DOWN_RESET)"],
  ] as const)("%s, %s", async (chip, step, expected) => {
    const { bench, log } = await open(`app *\nboot 1\n  ${step}`, { chip });
    await bench.pass(3000);
    const heard = log();
    expect([count(heard, "rst:"), count(heard, expected)]).toEqual([2, 1]);
    expect(bench.board.counters).toMatchObject({ powerOns: 1, resets: 1, ownResets: 1 });
  });

  test("the ESP8266's panic and restart", async () => {
    const { bench, log } = await open("app *\nboot 1\n  panic", { chip: "esp8266" });
    bench.board.setHostBaud(74_880);
    await bench.pass(3000);
    expect(log()).toMatch(/rst cause:2,[^]*Fatal exception \(28\):[^]*rst cause:2,/);
  });
});

describe("each way to fail has the words of the chip's processor", () => {
  test.each([
    ["esp32", "panic", /panic'ed \(LoadProhibited\)\.[^]*PC {6}: 0x[^]*Backtrace: 0x4[0-9a-f]{7}:0x3f/],
    ["esp32c3", "panic", /panic'ed \(Load access fault\)\.[^]*MEPC {4}: 0x[^]*Stack memory:/],
    ["esp32s3", 'panic "StoreProhibited"', /panic'ed \(StoreProhibited\)\./],
    ["esp32", "abort", /abort\(\) was called at PC 0x4[0-9a-f]{7} on core 0[^]*Rebooting\.\.\./],
    ["esp32", "brownout", /Brownout detector was triggered/],
  ] as const)("%s, %s", async (chip, step, expected) => {
    const { bench, log } = await open(`app *\nboot 1\n  ${step}`, { chip });
    await bench.pass(3000);
    const heard = log();
    expect(heard).toMatch(expected);
    expect(count(heard, "app_main()")).toBe(2);
  });
});

test("a slow start and a hang take their time: nothing is said before, nothing after", async () => {
  const { bench, log } = await open('app *\n  wait 10s\n  print "up"\n  hang');
  await bench.pass(9000);
  expect(log()).not.toContain("up");
  await bench.pass(2000);
  expect(log()).toContain("up");
  bench.board.receive(Buffer.from("hello\r\n"));
  await bench.pass(10_000);
  expect(log()).toBe("");
});

test("answers the lines that it knows, whatever ends them, and echoes all", async () => {
  const { bench, log } = await open('app *\n  on "version?" print "1.4.2"\n  on "die" reset restart');
  await bench.pass(1000);
  log();
  bench.board.receive(Buffer.from("vers"));
  await bench.pass(10);
  bench.board.receive(Buffer.from("ion?\r\nwhat?\rversion?\n"));
  await bench.pass(10);
  expect(log()).toBe("1.4.2\r\n1.4.2\r\n");
  bench.board.receive(Buffer.from("die\n"));
  await bench.pass(1000);
  expect(log()).toContain("rst:0xc");

  const echo = await open("app *\n  echo");
  await echo.bench.pass(1000);
  echo.log();
  echo.bench.board.receive(Buffer.from("hé\n"));
  await echo.bench.pass(10);
  expect(echo.log()).toBe("hé\r\n");
});

test("at another console rate the text is noise, until the host follows", async () => {
  const { bench, log } = await open('app *\n  baud 9600\n  print "slow"\n  on "again" print "slow"');
  await bench.pass(1000);
  expect(log()).not.toContain("slow");
  bench.board.setHostBaud(9600);
  bench.board.receive(Buffer.from("again\n"));
  await bench.pass(100);
  expect(log()).toContain("slow");
});

test("noise is unreadable, and as long as it says", async () => {
  const { bench } = await open("app *\n  quiet\n  noise 4096");
  await bench.pass(1000);
  const noise = bench.heard().subarray(-4096);
  expect(new Set(noise).size).toBeGreaterThan(200);
});

describe("the chip's own USB port", () => {
  const S3 = { chip: "esp32s3", usb: "jtag" } as const;

  test("goes away and comes back; what is said meanwhile is lost", async () => {
    const script =
      'app *\n  wait 50ms\n  print "before"\n  usb-leave 300ms\n  print "meanwhile"\n  wait 1s\n  print "after"';
    const { bench } = await open(script, S3);
    const transport = boardTransport(bench.board, "test");
    const heard: Buffer[] = [];
    const lost: string[] = [];
    transport.subscribe({
      data: (bytes) => heard.push(Buffer.from(bytes)),
      closed: ({ code }) => lost.push(code),
    });
    await bench.pass(200);
    expect(lost).toEqual(["port/lost"]);
    await expect(transport.reopen()).rejects.toMatchObject({ code: "port/not-found" });
    await bench.pass(300);
    await transport.reopen();
    await bench.pass(2000);
    const log = Buffer.concat(heard).toString("latin1");
    expect(log).toMatch(/before[^]*after/);
    expect(log).not.toContain("meanwhile");
  });

  test.each([
    ["reset restart", 0],
    ["reset tg0-watchdog", 0],
    ["reset rtc-watchdog", 1],
    ["reset brownout", 1],
    ["sleep 1s", 1],
  ])("%s takes the port away %i times: a reset of the core alone leaves it", async (step, times) => {
    const { bench } = await open(`app *\nboot 1\n  ${step}`, S3);
    let lost = 0;
    bench.board.onLinkLost(() => lost++);
    await bench.pass(3000);
    expect([lost, bench.board.present]).toEqual([times, true]);
  });

  test("a bridge keeps its port through all of it", async () => {
    const { bench } = await open("app *\nboot 1\n  sleep 1s");
    let lost = 0;
    bench.board.onLinkLost(() => lost++);
    await bench.pass(3000);
    expect(lost).toBe(0);
  });
});

test("a script that is not there, or wrong, is told before the board is switched on", async () => {
  expect(codeOf(() => createBench({ scriptFile: path.join(folder, "none.txt") }))).toBe("input/invalid");
  await expect(open("app *\n  usb-leave 1s")).rejects.toMatchObject({ code: "input/invalid" });
});
