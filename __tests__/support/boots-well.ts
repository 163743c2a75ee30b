import { at, every, once, patterns, starts, well } from "./made-boots.js";
import type { MadeBoot } from "./made-boots.js";
import { app, bootloader, description, dump, esp32Banner, esp32Boot, esp32Load } from "./made-logs.js";
import { esp8266Banner, esp8266Load, hashOff, lines, log, newerBanner, newerLoad } from "./made-logs.js";

// eslint-disable-next-line no-control-regex
const plain = esp32Boot.replaceAll(/\u001b\[[\d;]*m|\r/g, "");
const c6Banner = newerBanner("0x1 (POWERON)", "0xc (SPI_FAST_FLASH_BOOT)", "esp32c6-20220919");
const badSlot = log("E", "esp_image", "Checksum failed. Calculated 0x38 read 0x0");
const frightening =
  log("E", "wifi", "error 0x3001, failed to connect to AP, retry 3") +
  log("W", "panel", "panic button pressed: Backtrace: none, abort() was called by nobody") +
  lines("last crash: Guru Meditation Error: none", "Rebooting in menu", "Fatal: just kidding", "waiting for download") +
  lines("Exception handling test passed", "rst cause: user", "assert failed count: 0", "Brownout threshold 2.4 V") +
  lines("abort() was not called", "invalid header: none", "core 0 register dump: empty", "boot loop count: 7") +
  log("I", "ota", "Rebooting...") +
  lines("Rebooting...");
const sha = "0123456789abcdef".repeat(4);
const esp8266 = { chip: "esp8266" } as const;

/** Boards in good health. */
export const boardsThatAreWell: readonly MadeBoot[] = [
  well("ESP32", once(esp32Boot), {}, /stays up/),
  well("ESP32-S3", once(newerBanner() + newerLoad + bootloader + app)),
  well("ESP32-C6", once(c6Banner + newerLoad + app)),
  well("after a reset by USB", once(newerBanner("0x15 (USB_UART_CHIP_RESET)") + newerLoad + app)),
  well("after a reset by watchdog", once(newerBanner("0x10 (RTCWDT_RTC_RST)") + newerLoad + app)),
  well("an app that logs in its own way", once(esp32Banner() + esp32Load + lines("hello"))),
  well("an app that prints only a prompt", once(`${esp32Banner()}${esp32Load}>>> `)),
  well("an app that prints only dots", once(`${esp32Banner()}${esp32Load}Connecting.....`)),
  well("an app whose console shows no ROM", [at(900, lines("ready"))]),
  well("no colours, line feeds only", once(plain)),
  well("carriage returns only", once(esp32Boot.replaceAll("\n", ""))),
  well("a log with times of day", once(esp32Boot.replaceAll(/\(\d+\)/g, "(12:34:56.789)"))),
  well("glitches before the banner", once(Buffer.from(`\0\0\0\xff\xe0${esp32Boot}`, "latin1"))),
  well("one restart by the app, as after an update", [
    ...once(esp32Boot),
    at(1500, esp32Banner("0xc (SW_CPU_RESET)") + starts),
  ]),
  well("one watchdog reset at power-on, then well", [
    ...once(esp32Banner() + lines("flash read err, 1000")),
    at(900, esp32Banner("0x10 (RTCWDT_RTC_RESET)") + starts),
  ]),
  well("deep sleep, over and over", [
    ...once(esp32Boot),
    ...every(500, 12, esp32Banner("0x5 (DEEPSLEEP_RESET)") + starts, 700),
  ]),
  well("deep sleep four times, then an update", [
    ...once(esp32Boot),
    ...every(300, 4, esp32Banner("0x5 (DEEPSLEEP_RESET)") + starts, 500),
    at(2000, esp32Banner("0xc (SW_CPU_RESET)") + starts),
  ]),
  well("a console without the ROM, with a frightening word", [at(900, lines("waiting for download"))]),
  well("frightening words", [...once(esp32Boot), at(400, frightening)]),
  well("a boot that takes 9 of 10 s", [...once(esp32Banner() + esp32Load), at(9000, app)]),
  well("one damaged slot, then the other one", once(esp32Banner() + esp32Load + badSlot + app)),
  well("a hash that does not fit, but the ROM goes on", once(newerBanner() + newerLoad + hashOff + app)),
  well("the old run's panic before the reset", [at(20, dump), ...once(esp32Boot)]),
  well("opening the port resets the board, too", [
    at(20, esp32Banner()),
    at(300, esp32Boot),
    at(1500, esp32Banner("0xc (SW_CPU_RESET)") + starts),
  ]),
  well("the old run's panic before the reset, over a slow link", [
    at(900, lines("abort() was called at PC 0x400d1234 on core 0")),
    at(1500, esp32Boot),
  ]),
  well("words of an ESP8266's crash on another chip", [...once(esp32Boot), at(900, lines("Exception (28):"))], {
    chip: "esp32",
  }),
  well("the old run's loop before the reset", [at(10, esp32Banner("0x7 (TG0WDT_SYS_RESET)")), ...once(esp32Boot)]),
  well("text in UTF-8", once(esp32Banner() + esp32Load + lines("Température 21 °C, 温度正常"))),
  well("an app's log, then binary data", [...once(esp32Boot), at(400, new Uint8Array(3000).fill(0x93))]),
  well(
    "ESP8266, ROM at 74880, app at 115200",
    [at(200, esp8266Banner() + esp8266Load, 74_880), at(300, lines("Booting...", "WiFi connected"), 115_200)],
    { ...esp8266, expect: patterns("Booting") },
  ),
  well("ESP8266 with 40 MHz", [at(200, esp8266Banner() + esp8266Load, 115_200), at(300, lines("hello"), 115_200)], {
    ...esp8266,
    crystalMhz: 40,
  }),
  well("ESP32-C2 with 26 MHz", [at(200, newerBanner() + newerLoad, 74_880), at(300, bootloader + app, 115_200)], {
    chip: "esp32c2",
    crystalMhz: 26,
  }),
  well("an app at 921600", [at(200, newerBanner() + newerLoad, 115_200), at(300, lines("hello"), 921_600)], {
    consoleBaud: 921_600,
  }),
  well("S3 whose USB port comes back", [{ atMs: 150, lostUntilMs: 900 }, at(1200, lines("late words"))]),
  well("S3 whose app brings a USB port of its own", [
    { atMs: 150, lostUntilMs: 400 },
    at(600, newerBanner("0x15 (USB_UART_CHIP_RESET)")),
    { atMs: 700, lostUntilMs: 1500 },
    at(1700, log("I", "main_task", "Calling app_main()")),
  ]),
  well(
    "all that was expected, in order",
    [...once(esp32Boot), at(400, lines("WiFi up, got ip 10.0.0.2")), at(5000, lines("self-test: ok"))],
    { expect: patterns("WiFi up", "/got ip [\\d.]+/", "self-test: ok") },
    /expected came/,
  ),
  well("a prompt that is expected", once(`${esp32Boot}login: `), { expect: patterns("login:") }),
  well("the right app", once(esp32Boot), { app: { project: "blink", version: "v1.2.3", elfSha256: sha } }),
  well("a build without a hash", once(esp32Banner() + esp32Load + description("v1.2.3", "0000000000000000...")), {
    app: { elfSha256: "ab".repeat(32) },
  }),
];
