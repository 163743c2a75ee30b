/** Pieces of boot logs as the chips print them, made to measure. */
export const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\r\n`).join("");

const colours: Readonly<Record<string, number>> = { E: 31, W: 33, I: 32 };

/** A line of ESP-IDF's log, coloured as by default. */
export const log = (level: "E" | "W" | "I", tag: string, text: string, atMs = 300): string =>
  `\u001b[0;${colours[level]}m${level} (${atMs}) ${tag}: ${text}\u001b[0m\r\n`;

export const esp32Banner = (cause = "0x1 (POWERON_RESET)", boot = "0x13 (SPI_FAST_FLASH_BOOT)"): string =>
  lines("ets Jul 29 2019 12:21:46", "", `rst:${cause},boot:${boot}`);

export const newerBanner = (
  cause = "0x1 (POWERON)",
  boot = "0x8 (SPI_FAST_FLASH_BOOT)",
  rom = "esp32s3-20210327",
): string => lines(`ESP-ROM:${rom}`, "Build:Mar 27 2021", `rst:${cause},boot:${boot}`);

export const esp8266Banner = (cause = 2, mode = 3): string =>
  lines("", ` ets Jan  8 2013,rst cause:${cause}, boot mode:(${mode},6)`, "");

export const esp32Load = lines(
  "configsip: 0, SPIWP:0xee",
  "clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00",
  "mode:DIO, clock div:2",
  "load:0x3fff0030,len:7084",
  "load:0x40078000,len:15584",
  "entry 0x400805e0",
);

export const newerLoad = lines("SPIWP:0xee", "mode:DIO, clock div:1", "load:0x3fce3808,len:0x44c", "entry 0x403c98d0");

export const esp8266Load = lines("load 0x40100000, len 1392, room 16 ", "tail 0", "chksum 0xd0", "csum 0xd0");

/** What newer ROMs say of a bootloader whose digest does not fit, before they start it nevertheless. */
export const hashOff = lines(
  "SHA-256 comparison failed:",
  "Calculated: 00",
  "Expected: 01",
  "Attempting to boot anyway...",
);

export const bootloader =
  log("I", "boot", "ESP-IDF v5.3 2nd stage bootloader", 27) +
  log("I", "boot.esp32", "SPI Flash Size : 4MB", 45) +
  log("I", "boot", "## Label            Usage          Type ST Offset   Length", 62) +
  log("I", "esp_image", "segment 0: paddr=00010020 vaddr=3f400020 size=0974ch ( 38732) map", 110) +
  log("I", "boot", "Loaded app from partition at offset 0x10000", 250);

export const description = (version = "v1.2.3", elfSha256 = "0123456789abcdef..."): string =>
  log("I", "cpu_start", "Pro cpu start user code") +
  log("I", "app_init", "Application information:") +
  log("I", "app_init", "Project name:     blink") +
  log("I", "app_init", `App version:      ${version}`) +
  log("I", "app_init", `ELF file SHA256:  ${elfSha256}`);

export const app = description() + log("I", "main_task", "Calling app_main()", 420);

/** A whole boot of an ESP32 up to its app. */
export const esp32Boot = esp32Banner() + esp32Load + bootloader + app;

/** What the panic handler prints behind its first line. */
export const dump = lines(
  "",
  "Core  0 register dump:",
  "PC      : 0x400d1234  PS      : 0x00060a30  A0      : 0x800d5678  A1      : 0x3ffb4f30  ",
  "EXCVADDR: 0x00000000  LBEG    : 0x400014fd  LEND    : 0x4000150d  LCOUNT  : 0xfffffffc  ",
  "",
  "Backtrace: 0x400d1231:0x3ffb4f30 0x400d5675:0x3ffb4f50 0x40085ed1:0x3ffb4f70",
  "",
  "ELF file SHA256: 0123456789abcdef",
  "",
  "Rebooting...",
);
