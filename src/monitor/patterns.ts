import type { ChipName } from "../chips/index.js";
import type { SeenApp } from "./report.js";

/**
 * What a line tells. `rom`, `bootloader`: they are at work, no app yet; `loads`: the ROM found a bootloader; `no-boot`:
 * why no app will come; `brownout`: why the next reset comes; `panic`: the app crashed; `panic-end`; `app`: it runs.
 */
export type LineMeaning = "rom" | "loads" | "bootloader" | "no-boot" | "brownout" | "panic" | "panic-end" | "app";

interface LineRow {
  readonly pattern: RegExp;
  readonly means: LineMeaning;
  /** Of `no-boot` and `brownout`: a sentence. */
  readonly reason?: string;
  /** Only on these chips, as others may print such words in good health; everywhere while the chip is unknown. */
  readonly only?: readonly ChipName[];
}

/** A line of ESP-IDF's log with one of these tags. */
const log = (levels: string, tags: string, text = ""): RegExp =>
  new RegExp(`^[${levels}] \\([\\d:. ]+\\) (?:${tags}): ${text}`);

const esp8266: readonly ChipName[] = ["esp8266"];
const noBootloader = "The flash holds no bootloader.";
const damagedApp = "The app in the flash is damaged.";
const refused = "Secure Boot refused what the flash holds.";

/**
 * Lines of ROM and bootloader. From boot logs of the chips and ESP-IDF `bootloader_support/src` at 1021229; ESP8266's
 * from its ROM and from esp8266/Arduino `bootloaders/eboot`.
 */
const bootRows: readonly LineRow[] = [
  { pattern: /^(?:load:0x[0-9a-f]+,len:|load 0x[0-9a-f]+, len |entry 0x[0-9a-f])/i, means: "loads" },
  { pattern: /^invalid header: 0xffffffff/i, means: "no-boot", reason: noBootloader },
  { pattern: /^flash read err, 1000/, means: "no-boot", reason: noBootloader },
  {
    pattern: /^invalid header: 0x/,
    means: "no-boot",
    reason: "Where the chip looks for a bootloader, the flash holds something else.",
  },
  { pattern: /^csum err/, means: "no-boot", reason: "The bootloader in the flash is damaged." },
  { pattern: /^secure boot (?:check fail|verification failed)/i, means: "no-boot", reason: refused },
  { pattern: /^Invalid chip id\. Expected/, means: "no-boot", reason: "The bootloader is for another chip." },
  {
    pattern: /^(?:ets |ESP-ROM:|Build:|Saved PC:|SPIWP:|configsip:|clk_drv:|mode:|SPI mode:|(?:ets_)?main\.c \d)/,
    means: "rom",
  },
  { pattern: /^(?:tail \d|chksum 0x|csum 0x|ho \d+ tail|wdt reset|~ld|v[0-9a-f]{8}$)/, means: "rom", only: esp8266 },
  { pattern: /^(?:SHA-256 comparison failed|Calculated: |Expected: |Attempting to boot anyway)/, means: "rom" },
  {
    pattern: log("E", "boot", "No bootable app partitions"),
    means: "no-boot",
    reason: "The bootloader found no app that it can start.",
  },
  {
    pattern: log(
      "E",
      "boot|flash_parts",
      "(?:.*partition table|partition \\d+ invalid|Partition table MD5|Incorrect MD5)",
    ),
    means: "no-boot",
    reason: "The flash holds no valid partition table.",
  },
  { pattern: log("E", "esp_image|secure_boot\\w*", ".*[Ss]ignature"), means: "no-boot", reason: refused },
  // An empty slot; the other one may hold an app.
  { pattern: log("E", "esp_image", "image at 0x[0-9a-f]+ has invalid magic byte"), means: "bootloader" },
  { pattern: log("E", "esp_image"), means: "no-boot", reason: damagedApp },
  {
    pattern: log("E", "boot_comm", ".*(?:chip|rev)"),
    means: "no-boot",
    reason: "The app is for another chip or revision.",
  },
  {
    pattern: /^(?:\[esp32\w*\] \[ERR\]|E:) Unable to find bootable image/,
    means: "no-boot",
    reason: "MCUboot found no image that it can start.",
  },
  {
    pattern: log("EWIDV", "boot[.\\w]*|esp_image|flash_parts|qio_mode|secure_boot\\w*|flash_encrypt|efuse"),
    means: "bootloader",
  },
  {
    pattern: log("E", "spi_flash", "Detected size\\(\\d+k\\) smaller"),
    means: "no-boot",
    reason: "The bootloader's header names more flash than the board has.",
  },
];

/**
 * How apps crash, each anchored: healthy logs have words such as "error" or "panic" too. ESP-IDF `esp_system/panic.c`,
 * `port/arch/`, `esp_libc/src/assert.c`, `heap/multi_heap_poisoning.c`, FreeRTOS `port.c` at 1021229; esp8266/Arduino
 * `core_esp8266_postmortem.cpp`; esp-rs `esp-backtrace`; Zephyr `kernel/fatal.c`.
 */
const panicRows: readonly LineRow[] = [
  { pattern: /^Guru Meditation Error/, means: "panic" },
  { pattern: /^abort\(\) was called at PC 0x/, means: "panic" },
  { pattern: /^assert failed: /, means: "panic" },
  { pattern: /^assertion ".*" failed: file "/, means: "panic" },
  { pattern: /^\S+:\d+ \(\w+\)- ?assert failed!/, means: "panic" },
  { pattern: /^ESP_ERROR_CHECK failed: esp_err_t 0x/, means: "panic" },
  { pattern: /^\*\*\*ERROR\*\*\* A stack overflow in task /, means: "panic" },
  { pattern: /^Stack smashing protect failure!/, means: "panic" },
  { pattern: /^CORRUPT HEAP: /, means: "panic" },
  { pattern: /^Debug exception reason: /, means: "panic" },
  { pattern: /^Core +\d register dump:/, means: "panic" },
  { pattern: /^Backtrace: ?0x[0-9a-f]{8}/i, means: "panic" },
  { pattern: /^Panic handler entered multiple times/, means: "panic" },
  { pattern: log("E", "task_wdt", "Task watchdog got triggered"), means: "panic" },
  { pattern: /^Fatal exception \(?\d+/, means: "panic", only: esp8266 },
  { pattern: /^Exception \(\d+\):$/, means: "panic", only: esp8266 },
  {
    pattern: /^(?:Soft WDT reset|Abort called|Unhandled C\+\+ exception: |Panic \S+:\d+ )/,
    means: "panic",
    only: esp8266,
  },
  { pattern: /^(?:!! A panic occured in '|={10,} PANIC ={10,}|thread '.*' panicked at )/, means: "panic" },
  { pattern: /^(?:\[[\d:.,]+\] <err> os|E): >>> ZEPHYR FATAL ERROR /, means: "panic" },
  { pattern: /^(?:Rebooting\.\.\.|CPU halted\.)$/, means: "panic-end" },
];

const appRows: readonly LineRow[] = [
  {
    pattern: /^(?:E \([\d:. ]+\) BOD: )?Brownout detector was triggered/,
    means: "brownout",
    reason: "The supply voltage fell too low.",
  },
  { pattern: log("EWIDV", "[^:]+"), means: "app" },
];

const rows: readonly LineRow[] = [...bootRows, ...panicRows, ...appRows];

/** What one line tells by itself, or `undefined` where it is text like any other. */
export function meaningOf(text: string, chip?: ChipName): LineRow | undefined {
  return rows.find(({ pattern, only }) => (chip === undefined || (only?.includes(chip) ?? true)) && pattern.test(text));
}

/** The beginning of a line of ROM, bootloader or log, as it stands when the link falters in the middle of it. */
export const mayBecomeKnown = /^(?:[EWIDV](?: .*)?|[\w-]+(?::\S*)?|entry 0x\w*|load 0x.*)$/;

/** Only in the ROM's own words, right behind its banner. */
export const waitsForDownload = /^wait(?:ing for| uart0| usb| spi) download/;

const described = /^I \([\d:. ]+\) (?:cpu_start|app_init): (Project name|App version|ELF file SHA256): +(\S.*)$/;
const describedFields: Readonly<Record<string, keyof SeenApp>> = {
  "Project name": "project",
  "App version": "version",
  "ELF file SHA256": "elfSha256",
};

/** A field of the app's description in a line of its start (ESP-IDF `esp_app_format/esp_app_desc.c` at 1021229). */
export function readDescription(text: string): readonly [keyof SeenApp, string] | undefined {
  const [, label = "", value = ""] = described.exec(text) ?? [];
  const field = describedFields[label];
  // A hash is cut short, and dots say so.
  return field === undefined ? undefined : [field, field === "elfSha256" ? value.replace(/\.+$/, "") : value];
}
