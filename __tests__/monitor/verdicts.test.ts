import { parseLinePattern } from "../../src/monitor/line-pattern.js";
import type { BootVerdict } from "../../src/monitor/report.js";
import type { BootWatchOptions } from "../../src/monitor/watch-boot.js";
import {
  app,
  bootloader,
  description,
  dump,
  esp32Banner,
  esp32Boot,
  esp32Load,
  esp8266Banner,
  esp8266Load,
  lines,
  log,
  newerBanner,
  newerLoad,
} from "../support/made-logs.js";
import { bootOf } from "../support/scripted-console.js";
import type { ScriptStep } from "../support/scripted-console.js";

interface MadeBoot {
  readonly name: string;
  readonly steps: readonly ScriptStep[];
  readonly options?: Partial<BootWatchOptions>;
  readonly verdict: BootVerdict;
  readonly reason?: RegExp;
}

const at = (atMs: number, send: string | Uint8Array, baud?: number): ScriptStep => ({
  atMs,
  send,
  ...(baud === undefined ? {} : { baud }),
});
/** The same again and again. */
const every = (periodMs: number, times: number, send: string, fromMs = 0): ScriptStep[] =>
  Array.from({ length: times }, (_, index) => at(fromMs + index * periodMs, send));
const patterns = (...sources: readonly string[]) => sources.map(parseLinePattern);
const invalid = lines(...new Array<string>(8).fill("invalid header: 0xffffffff"));
// eslint-disable-next-line no-control-regex
const plain = esp32Boot.replaceAll(/\u001b\[[\d;]*m|\r/g, "");
const running = esp32Load + bootloader + app;
const resetLoop = (cause: string, what = running): ScriptStep[] => [
  at(100, esp32Banner() + what),
  ...every(800, 4, esp32Banner(cause) + what, 900),
];

const healthy: readonly MadeBoot[] = [
  { name: "ESP32", steps: [at(200, esp32Boot)], verdict: "running", reason: /stays up/ },
  { name: "ESP32-S3", steps: [at(200, newerBanner() + newerLoad + bootloader + app)], verdict: "running" },
  {
    name: "ESP32-C6",
    steps: [at(200, newerBanner("0x1 (POWERON)", "0xc (SPI_FAST_FLASH_BOOT)", "esp32c6-20220919") + newerLoad + app)],
    verdict: "running",
  },
  {
    name: "after a reset by USB",
    steps: [at(200, newerBanner("0x15 (USB_UART_CHIP_RESET)") + newerLoad + app)],
    verdict: "running",
  },
  {
    name: "an app that logs in its own way",
    steps: [at(200, esp32Banner() + esp32Load + lines("hello"))],
    verdict: "running",
  },
  {
    name: "an app that prints only a prompt",
    steps: [at(200, esp32Banner() + esp32Load + ">>> ")],
    verdict: "running",
  },
  { name: "an app whose console shows no ROM", steps: [at(900, lines("ready"))], verdict: "running" },
  {
    name: "no colours, line feeds only",
    steps: [at(200, plain)],
    verdict: "running",
  },
  { name: "carriage returns only", steps: [at(200, esp32Boot.replaceAll("\n", ""))], verdict: "running" },
  {
    name: "glitches before the banner",
    steps: [at(200, Buffer.concat([Buffer.from([0, 0xff, 0, 0xe0]), Buffer.from(esp32Boot)]))],
    verdict: "running",
  },
  {
    name: "one restart by the app, as after an update",
    steps: [at(200, esp32Boot), at(1500, esp32Banner("0xc (SW_CPU_RESET)") + running)],
    verdict: "running",
  },
  {
    name: "one watchdog reset at power-on, then well",
    steps: [
      at(200, esp32Banner() + lines("flash read err, 1000")),
      at(900, esp32Banner("0x10 (RTCWDT_RTC_RESET)") + running),
    ],
    verdict: "running",
  },
  {
    name: "deep sleep, over and over",
    steps: [at(200, esp32Boot), ...every(500, 12, esp32Banner("0x5 (DEEPSLEEP_RESET)") + running, 700)],
    verdict: "running",
  },
  {
    name: "frightening words",
    steps: [
      at(200, esp32Boot),
      at(
        400,
        log("E", "wifi", "error 0x3001, failed to connect to AP, retry 3") +
          log("W", "panel", "panic button pressed: Backtrace: none, abort() was called by nobody") +
          lines(
            "last crash: Guru Meditation Error: none",
            "Rebooting in menu",
            "Fatal: just kidding",
            "waiting for download",
          ) +
          lines(
            "Exception handling test passed",
            "rst cause: user",
            "assert failed count: 0",
            "Brownout threshold 2.4 V",
          ) +
          log("I", "ota", "Rebooting...") +
          lines("Rebooting..."),
      ),
    ],
    verdict: "running",
  },
  {
    name: "a boot that takes 9 of 10 s",
    steps: [at(200, esp32Banner() + esp32Load), at(9000, app)],
    verdict: "running",
  },
  {
    name: "one damaged slot, then the other one",
    steps: [
      at(200, esp32Banner() + esp32Load + log("E", "esp_image", "Checksum failed. Calculated 0x38 read 0x0") + app),
    ],
    verdict: "running",
  },
  {
    name: "a hash that does not fit, but the ROM goes on",
    steps: [
      at(
        200,
        newerBanner() +
          lines("SHA-256 comparison failed:", "Calculated: 00", "Expected: 01", "Attempting to boot anyway...") +
          newerLoad +
          app,
      ),
    ],
    verdict: "running",
  },
  { name: "words of the old run before the reset", steps: [at(20, dump), at(200, esp32Boot)], verdict: "running" },
  {
    name: "the old run's loop before the reset",
    steps: [at(10, esp32Banner("0x7 (TG0WDT_SYS_RESET)")), at(200, esp32Boot)],
    verdict: "running",
  },
  {
    name: "text in UTF-8",
    steps: [at(200, esp32Banner() + esp32Load + lines("Température 21 °C, 温度正常"))],
    verdict: "running",
  },
  {
    name: "app logs, then binary data",
    steps: [at(200, esp32Boot), at(400, new Uint8Array(3000).fill(0x93))],
    verdict: "running",
  },
  {
    name: "ESP8266, ROM at 74880, app at 115200",
    steps: [at(200, esp8266Banner() + esp8266Load, 74_880), at(300, lines("Booting...", "WiFi connected"), 115_200)],
    options: { chip: "esp8266", expect: patterns("Booting") },
    verdict: "running",
  },
  {
    name: "ESP8266 with 40 MHz",
    steps: [at(200, esp8266Banner() + esp8266Load, 115_200), at(300, lines("hello"), 115_200)],
    options: { chip: "esp8266", crystalMhz: 40 },
    verdict: "running",
  },
  {
    name: "ESP32-C2 with 26 MHz",
    steps: [at(200, newerBanner() + newerLoad, 74_880), at(300, bootloader + app, 115_200)],
    options: { chip: "esp32c2", crystalMhz: 26 },
    verdict: "running",
  },
  {
    name: "an app at 921600",
    steps: [at(200, newerBanner() + newerLoad, 115_200), at(300, lines("hello"), 921_600)],
    options: { consoleBaud: 921_600 },
    verdict: "running",
  },
  {
    name: "S3 whose USB port comes back",
    steps: [{ atMs: 150, lostUntilMs: 900 }, at(1200, lines("late words of the app"))],
    verdict: "running",
  },
  {
    name: "S3 whose app brings a USB port of its own",
    steps: [
      { atMs: 150, lostUntilMs: 400 },
      at(600, newerBanner("0x15 (USB_UART_CHIP_RESET)")),
      { atMs: 700, lostUntilMs: 1500 },
      at(1700, log("I", "main_task", "Calling app_main()")),
    ],
    verdict: "running",
  },
  {
    name: "all that was expected, in order",
    steps: [at(200, esp32Boot), at(400, lines("WiFi up, got ip 10.0.0.2")), at(5000, lines("self-test: ok"))],
    options: { expect: patterns("WiFi up", "/got ip [\\d.]+/", "self-test: ok") },
    verdict: "running",
    reason: /expected came/,
  },
  {
    name: "a prompt that is expected",
    steps: [at(200, esp32Boot + "login: ")],
    options: { expect: patterns("login:") },
    verdict: "running",
  },
  {
    name: "the right app",
    steps: [at(200, esp32Boot)],
    options: { app: { version: "v1.2.3", elfSha256: "0123456789abcdef".repeat(4) } },
    verdict: "running",
  },
  {
    name: "an app whose build left its hash out",
    steps: [at(200, esp32Banner() + esp32Load + description("v1.2.3", "0000000000000000..."))],
    options: { app: { elfSha256: "ab".repeat(32) } },
    verdict: "running",
  },
];

const panics: readonly (readonly [name: string, text: string])[] = [
  [
    "LoadProhibited",
    lines("Guru Meditation Error: Core  0 panic'ed (LoadProhibited). Exception was unhandled.") + dump,
  ],
  [
    "behind an unfinished line",
    `working...${lines("Guru Meditation Error: Core  1 panic'ed (StoreProhibited). Exception was unhandled.")}${dump}`,
  ],
  ["interrupt watchdog", lines("Guru Meditation Error: Core  1 panic'ed (Interrupt wdt timeout on CPU1). ") + dump],
  [
    "RISC-V",
    lines(
      "Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception was unhandled.",
      "",
      "Core  0 register dump:",
      "MEPC    : 0x42000010  RA      : 0x42007a2c",
    ),
  ],
  ["abort", lines("abort() was called at PC 0x400d1234 on core 0") + dump],
  ["assert", lines("assert failed: app_main main.c:12 (x > 0)") + dump],
  ["old assert", lines('assertion "x > 0" failed: file "main.c", line 12, function: app_main') + dump],
  ["ESP_ERROR_CHECK", lines("ESP_ERROR_CHECK failed: esp_err_t 0x101 (ESP_ERR_NO_MEM) at 0x400d1234") + dump],
  ["stack overflow", lines("***ERROR*** A stack overflow in task main has been detected.") + dump],
  ["stack smashing", lines("Stack smashing protect failure!") + dump],
  ["heap", lines("CORRUPT HEAP: Bad head at 0x3ffb8a4c. Expected 0xabba1234 got 0x00000000") + dump],
  [
    "canary",
    lines(
      "Guru Meditation Error: Core  0 panic'ed (Unhandled debug exception). ",
      "Debug exception reason: Stack canary watchpoint triggered (main) ",
    ) + dump,
  ],
  [
    "cache",
    lines("Guru Meditation Error: Core  0 panic'ed (Cache disabled but cached memory region accessed). ") + dump,
  ],
  [
    "task watchdog",
    log("E", "task_wdt", "Task watchdog got triggered. The following tasks/users did not reset the watchdog in time:") +
      dump,
  ],
  [
    "halted",
    lines("Guru Meditation Error: Core  0 panic'ed (IllegalInstruction). Exception was unhandled.", "CPU halted."),
  ],
  ["Rust", lines("====================== PANIC ======================", "panicked at src/main.rs:10:5:", "no")],
  ["Zephyr", lines("[00:00:00.010,000] <err> os: >>> ZEPHYR FATAL ERROR 0: CPU exception on CPU 0")],
];

const broken: readonly MadeBoot[] = [
  ...panics.map(([name, text]) => ({
    name: `panic: ${name}`,
    steps: [at(200, esp32Boot), at(900, text)],
    verdict: "panic" as const,
    reason: /crashed/,
  })),
  {
    name: "panic late within settle",
    steps: [at(200, esp32Boot), at(3100, lines("abort() was called at PC 0x400d1234 on core 0") + dump)],
    verdict: "panic",
  },
  {
    name: "panic again and again",
    steps: resetLoop("0xc (SW_CPU_RESET)", running + lines("abort() was called at PC 0x400d1234 on core 0") + dump),
    verdict: "panic",
  },
  {
    name: "ESP8266: an exception",
    steps: [
      at(200, esp8266Banner() + esp8266Load, 74_880),
      at(300, lines("hi", "Exception (28):", "epc1=0x40201010 epc2=0x00000000"), 115_200),
    ],
    options: { chip: "esp8266" },
    verdict: "panic",
  },
  {
    name: "a line that must not come",
    steps: [at(200, esp32Boot + lines("sensor: BIST FAILED"))],
    options: { failOn: patterns("/bist failed/i") },
    verdict: "panic",
    reason: /BIST FAILED/,
  },
  {
    name: "blank ESP32 that names the header",
    steps: [at(200, esp32Banner() + invalid), ...every(800, 5, esp32Banner("0x10 (RTCWDT_RTC_RESET)") + invalid, 900)],
    verdict: "boot-loop",
    reason: /RTC watchdog \(whole chip\) \(2×\)\. The flash holds no bootloader\./,
  },
  {
    name: "blank ESP32 that only resets",
    steps: [at(200, esp32Banner()), ...every(400, 5, esp32Banner("0x7 (TG0WDT_SYS_RESET)"), 600)],
    verdict: "boot-loop",
    reason: /no bootloader/,
  },
  {
    name: "blank ESP32 of which one reset is heard",
    steps: [at(200, esp32Banner() + esp32Banner("0x7 (TG0WDT_SYS_RESET)"))],
    verdict: "boot-loop",
    reason: /no bootloader/,
  },
  {
    name: "blank ESP32 by its read error",
    steps: every(700, 5, esp32Banner("0x7 (TG0WDT_SYS_RESET)") + lines("flash read err, 1000", "ets_main.c 371 ")),
    verdict: "boot-loop",
    reason: /no bootloader/,
  },
  {
    name: "blank C3",
    steps: [
      at(100, newerBanner() + invalid),
      ...every(500, 5, newerBanner("0x7 (TG0WDT_SYS_RST)") + lines("Saved PC:0x4004d1f8") + invalid, 600),
    ],
    verdict: "boot-loop",
    reason: /no bootloader/,
  },
  {
    name: "blank S3 that hangs",
    steps: [at(100, newerBanner() + invalid)],
    verdict: "boot-loop",
    reason: /no bootloader/,
  },
  {
    name: "blank ESP8266",
    steps: every(500, 5, esp8266Banner(4) + lines("ets_main.c ")).map((step) => ({ ...step, baud: 74_880 })),
    options: { chip: "esp8266" },
    verdict: "boot-loop",
    reason: /hardware watchdog/,
  },
  {
    name: "something else at the bootloader's place",
    steps: [
      at(100, esp32Banner() + lines("invalid header: 0x25207325")),
      ...every(500, 5, esp32Banner("0x10 (RTCWDT_RTC_RESET)") + lines("invalid header: 0x25207325"), 600),
    ],
    verdict: "boot-loop",
    reason: /something else/,
  },
  {
    name: "damaged bootloader",
    steps: resetLoop("0x7 (TG0WDT_SYS_RESET)", lines("csum err:0x9f!=0x5f", "ets_main.c 371 ")),
    verdict: "boot-loop",
    reason: /bootloader in the flash is damaged/,
  },
  {
    name: "bootloader refused by Secure Boot",
    steps: resetLoop("0x7 (TG0WDT_SYS_RESET)", lines("secure boot check fail", "ets_main.c 371 ")),
    verdict: "boot-loop",
    reason: /Secure Boot/,
  },
  {
    name: "no app",
    steps: resetLoop(
      "0x3 (SW_RESET)",
      esp32Load + log("E", "boot", "No bootable app partitions in the partition table"),
    ),
    verdict: "boot-loop",
    reason: /no app that it can start/,
  },
  {
    name: "no app, and it stays so",
    steps: [at(200, esp32Banner() + esp32Load + log("E", "boot", "No bootable app partitions in the partition table"))],
    verdict: "boot-loop",
    reason: /no app that it can start/,
  },
  {
    name: "damaged app",
    steps: resetLoop("0x3 (SW_RESET)", esp32Load + log("E", "esp_image", "Image hash failed - image is corrupt")),
    verdict: "boot-loop",
    reason: /app in the flash is damaged/,
  },
  {
    name: "no table",
    steps: resetLoop(
      "0x3 (SW_RESET)",
      esp32Load +
        log("E", "flash_parts", "partition 0 invalid magic number 0xffff") +
        log("E", "boot", "Failed to verify partition table"),
    ),
    verdict: "boot-loop",
    reason: /partition table/,
  },
  {
    name: "app refused by Secure Boot",
    steps: resetLoop("0x3 (SW_RESET)", esp32Load + log("E", "esp_image", "Secure boot signature verification failed")),
    verdict: "boot-loop",
    reason: /Secure Boot/,
  },
  {
    name: "app for another chip",
    steps: resetLoop("0x3 (SW_RESET)", esp32Load + log("E", "boot_comm", "mismatch chip ID, expected 0, found 9")),
    verdict: "boot-loop",
    reason: /another chip/,
  },
  {
    name: "flash smaller than its header says",
    steps: resetLoop(
      "0x3 (SW_RESET)",
      running +
        log(
          "E",
          "spi_flash",
          "Detected size(2048k) smaller than the size in the binary image header(4096k). Probe failed.",
        ),
    ),
    verdict: "boot-loop",
    reason: /more flash than/,
  },
  {
    name: "brownout by its banner",
    steps: resetLoop("0xf (RTCWDT_BROWN_OUT_RESET)"),
    verdict: "boot-loop",
    reason: /brownout: the supply voltage fell too low \(2×\)/,
  },
  {
    name: "brownout by its words",
    steps: resetLoop("0xc (SW_CPU_RESET)", running + lines("", "Brownout detector was triggered", "")),
    verdict: "boot-loop",
    reason: /brownout/,
  },
  {
    name: "RTC watchdog",
    steps: resetLoop("0x9 (RTCWDT_SYS_RESET)"),
    verdict: "boot-loop",
    reason: /RTC watchdog \(2×\)/,
  },
  { name: "timer group 0", steps: resetLoop("0x7 (TG0WDT_SYS_RESET)"), verdict: "boot-loop", reason: /timer group 0/ },
  { name: "timer group 1", steps: resetLoop("0x8 (TG1WDT_SYS_RESET)"), verdict: "boot-loop", reason: /timer group 1/ },
  {
    name: "super watchdog",
    steps: resetLoop("0x12 (SUPER_WDT_RESET)"),
    verdict: "boot-loop",
    reason: /super watchdog/,
  },
  { name: "lockup", steps: resetLoop("0x1a (CPU_LOCKUP)"), verdict: "boot-loop", reason: /lockup/ },
  {
    name: "software, over and over",
    steps: resetLoop("0xc (SW_CPU_RESET)"),
    verdict: "boot-loop",
    reason: /software \(CPU\) \(2×\)/,
  },
  {
    name: "power that comes and goes",
    steps: resetLoop("0x1 (POWERON_RESET)"),
    verdict: "boot-loop",
    reason: /power-on/,
  },
  { name: "a cause that no table has", steps: resetLoop("0x77 (MARTIANS)"), verdict: "boot-loop", reason: /MARTIANS/ },
  {
    name: "ESP8266 loops, its banners hidden by the app's rate",
    steps: [0, 800, 1600, 2400].flatMap((fromMs) => [
      at(fromMs + 100, esp8266Banner(4) + lines("wdt reset"), 74_880),
      at(fromMs + 120, esp8266Load, 74_880),
      at(fromMs + 200, lines("Booting..."), 115_200),
    ]),
    options: { chip: "esp8266" },
    verdict: "boot-loop",
  },
  {
    name: "a USB port that keeps going away",
    steps: [0, 1000, 2000, 3000].flatMap((fromMs) => [
      { atMs: fromMs + 100, lostUntilMs: fromMs + 500 },
      at(fromMs + 700, lines("hello")),
    ]),
    verdict: "boot-loop",
    reason: /USB port went away/,
  },
  {
    name: "download mode",
    steps: [
      at(
        200,
        esp32Banner("0x1 (POWERON_RESET)", "0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))") +
          lines("waiting for download"),
      ),
    ],
    verdict: "download-mode",
  },
  {
    name: "download mode of a C3",
    steps: [
      at(200, newerBanner("0x15 (USB_UART_CHIP_RESET)", "0x4 (DOWNLOAD(USB/UART0/1))") + lines("waiting for download")),
    ],
    verdict: "download-mode",
  },
  {
    name: "download mode of an ESP8266",
    steps: [at(200, esp8266Banner(2, 1), 74_880)],
    options: { chip: "esp8266" },
    verdict: "download-mode",
  },
  {
    name: "another version",
    steps: [at(200, esp32Boot)],
    options: { app: { version: "v1.2.4" } },
    verdict: "wrong-app",
    reason: /version is v1\.2\.3, not v1\.2\.4/,
  },
  {
    name: "another build of the same version",
    steps: [at(200, esp32Boot)],
    options: { app: { version: "v1.2.3", elfSha256: "ff".repeat(32) } },
    verdict: "wrong-app",
    reason: /SHA-256/,
  },
  { name: "nothing", steps: [], verdict: "silent", reason: /said nothing/ },
  {
    name: "a bootloader, then nothing",
    steps: [at(200, esp32Banner() + esp32Load + bootloader)],
    verdict: "silent",
    reason: /hangs, or it logs nothing/,
  },
  {
    name: "another baud rate",
    steps: [at(200, esp32Boot, 460_800), at(700, esp32Boot, 460_800)],
    verdict: "silent",
    reason: /unreadable bytes.*baud/,
  },
  {
    name: "noise of all kinds",
    steps: [
      at(
        200,
        Uint8Array.from({ length: 4000 }, (_, index) => (index * 193 + (index >> 3) * 71) & 0xff),
      ),
    ],
    verdict: "silent",
    reason: /unreadable/,
  },
  {
    name: "a boot that takes longer than the time",
    steps: [at(200, esp32Banner() + esp32Load), at(10_500, app)],
    verdict: "silent",
  },
  {
    name: "a USB port that does not come back",
    steps: [{ atMs: 100, lostUntilMs: 60_000 }],
    verdict: "silent",
    reason: /did not come back/,
  },
];

test.each(healthy)("well: $name", async ({ steps, options, verdict, reason }) => {
  const report = await bootOf(steps, options);
  expect([report.verdict, report.missing, report.reason]).toEqual([verdict, [], expect.stringMatching(reason ?? /./)]);
});

test.each(broken)("not well: $name", async ({ steps, options, verdict, reason }) => {
  const report = await bootOf(steps, options);
  expect([report.verdict, report.reason]).toEqual([verdict, expect.stringMatching(reason ?? /./)]);
});

test("an expected line that does not come, or not in its order, is told as missing", async () => {
  const steps = [at(200, esp32Boot), at(400, lines("second")), at(500, lines("first"))];
  const report = await bootOf(steps, { expect: patterns("first", "second") });
  expect([report.verdict, report.matched, report.missing]).toEqual(["running", ["first"], ["second"]]);
  expect(report.reason).toContain('"second" did not come');
});
