import { at, every, isOther, loops, once, panics, patterns, resetLoop, silent, starts, waits } from "./made-boots.js";
import type { MadeBoot } from "./made-boots.js";
import { app, bootloader, dump, esp32Banner, esp32Boot, esp32Load } from "./made-logs.js";
import { esp8266Banner, esp8266Load, hashOff, lines, log, newerBanner, newerLoad } from "./made-logs.js";
import type { ScriptStep } from "./scripted-console.js";

const guru = (core: number, what: string): string =>
  lines(`Guru Meditation Error: Core  ${core} panic'ed (${what}). Exception was unhandled.`);
const canary = "Debug exception reason: Stack canary watchpoint triggered (main) ";
const abort = lines("abort() was called at PC 0x400d1234 on core 0") + dump;

/** How apps crash. */
const crashes: readonly (readonly [name: string, text: string])[] = [
  ["LoadProhibited", guru(0, "LoadProhibited") + dump],
  ["behind an unfinished line", `working...${guru(1, "StoreProhibited")}${dump}`],
  ["interrupt watchdog", guru(1, "Interrupt wdt timeout on CPU1") + dump],
  ["RISC-V", guru(0, "Load access fault") + lines("", "Core  0 register dump:", "MEPC    : 0x42000010")],
  ["abort", abort],
  ["assert", lines("assert failed: app_main main.c:12 (x > 0)") + dump],
  ["old assert", lines('assertion "x > 0" failed: file "main.c", line 12, function: app_main') + dump],
  ["assert of FreeRTOS", lines("/idf/freertos/queue.c:1443 (xQueueGenericReceive)- assert failed!") + dump],
  ["ESP_ERROR_CHECK", lines("ESP_ERROR_CHECK failed: esp_err_t 0x101 (ESP_ERR_NO_MEM) at 0x400d1234") + dump],
  ["stack overflow", lines("***ERROR*** A stack overflow in task main has been detected.") + dump],
  ["stack smashing", lines("Stack smashing protect failure!") + dump],
  ["heap", lines("CORRUPT HEAP: Bad head at 0x3ffb8a4c. Expected 0xabba1234 got 0x00000000") + dump],
  ["canary", guru(0, "Unhandled debug exception") + lines(canary) + dump],
  ["cache", guru(0, "Cache disabled but cached memory region accessed") + dump],
  ["task watchdog", log("E", "task_wdt", "Task watchdog got triggered. The following tasks did not") + dump],
  ["halted", guru(0, "IllegalInstruction") + lines("CPU halted.")],
  ["assert without a dump", lines("assert failed: app_main main.c:12 (x > 0)")],
  ["canary behind an unfinished line", `working...${guru(0, "Unhandled debug exception")}${lines(canary)}${dump}`],
  ["panic in a panic", lines("Panic handler entered multiple times. Abort panic handling. Rebooting ...")],
  ["only a backtrace", lines("Backtrace: 0x400d1231:0x3ffb4f30 |<-CORRUPTED")],
  ["Rust", lines("====================== PANIC ======================", "panicked at src/main.rs:10:5:")],
  ["Zephyr", lines("[00:00:00.010,000] <err> os: >>> ZEPHYR FATAL ERROR 0: CPU exception on CPU 0")],
  ["MicroPython's machine", guru(0, "StoreProhibited").replace("Guru", ">>> Guru") + dump],
];

/** The reason has the first line, without what the app wrote before it. */
const crashed = (text: string): RegExp => {
  // eslint-disable-next-line no-control-regex
  const first = (text.split("\r\n").find((line) => line !== "") ?? "").replace(/^.*(?=Guru)|\u001b\[[\d;]*m/g, "");
  return new RegExp(`crashed: ${first.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
};

const invalid = lines(...new Array<string>(8).fill("invalid header: 0xffffffff"));
const other = lines("invalid header: 0x25207325");
const none = log("E", "boot", "No bootable app partitions in the partition table");
const noApp =
  esp32Load + log("E", "esp_image", "image at 0x10000 has invalid magic byte (nothing flashed here?)") + none;
const badApp = esp32Load + log("E", "esp_image", "Image hash failed - image is corrupt") + none;
const badSlot = esp32Load + log("E", "esp_image", "Checksum failed. Calculated 0x38 read 0x0");
const badTable =
  esp32Load +
  log("E", "flash_parts", "partition 0 invalid magic number 0xffff") +
  log("E", "boot", "Failed to verify partition table");
const unsigned = esp32Load + log("E", "esp_image", "Secure boot signature verification failed") + none;
const alien = esp32Load + log("E", "boot_comm", "mismatch chip ID, expected 0, found 9") + none;
const small = log("E", "spi_flash", "Detected size(2048k) smaller than the size in the binary image header(4096k).");
const rom = lines("csum err:0x9f!=0x5f", "ets_main.c 371 ");
const refused = lines("secure boot check fail", "ets_main.c 371 ");
const noImage = lines("[esp32] [ERR] Unable to find bootable image");
const lowPower = lines("", "Brownout detector was triggered", "");
const at74880 = (steps: readonly ScriptStep[]): ScriptStep[] => steps.map((step) => ({ ...step, baud: 74_880 }));
const esp8266 = { chip: "esp8266" } as const;
const hiddenLoop = [0, 800, 1600, 2400].flatMap((fromMs) => [
  at(fromMs + 100, esp8266Banner(4) + lines("wdt reset"), 74_880),
  at(fromMs + 120, esp8266Load, 74_880),
  at(fromMs + 200, lines("Booting..."), 115_200),
]);
const goingAway = [0, 1000, 2000, 3000].flatMap((fromMs) => [
  { atMs: fromMs + 100, lostUntilMs: fromMs + 500 },
  at(fromMs + 700, lines("hello")),
]);
const uartDownload = esp32Banner("0x1 (POWERON_RESET)", "0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))");
const c3Download = newerBanner("0x15 (USB_UART_CHIP_RESET)", "0x4 (DOWNLOAD(USB/UART0/1))");
// Every line in two pieces, with a pause between them that is longer than a prompt needs to be taken for one.
const faltering = (esp32Banner() + esp32Load + bootloader)
  .replace(/\r\n$/, "")
  .split(/(?<=\n)/)
  .flatMap((line, index) => [at(index * 400, line.slice(0, 8)), at(index * 400 + 300, line.slice(8))]);
const luckyNoise = Buffer.from("\x81\x92\xf3\x04\x95\x86\x97\xe8\x99\x80\nfA\nx7k\n".repeat(50), "latin1");
const noise = Uint8Array.from({ length: 4000 }, (_, index) => (index * 193 + (index >> 3) * 71) & 0xff);

/** Boards that are not in good health. */
export const brokenBoards: readonly MadeBoot[] = [
  ...crashes.map(([name, text]) => panics(`panic: ${name}`, [...once(esp32Boot), at(900, text)], crashed(text))),
  panics("panic late within settle", [...once(esp32Boot), at(3100, abort)]),
  panics("panic again and again", resetLoop("0xc (SW_CPU_RESET)", starts + abort), /abort\(\) was called/),
  ...["Exception (28):", "Fatal exception (0):", "Soft WDT reset", "Panic core_esp8266_main.cpp:137 __yield"].map(
    (text) =>
      panics(
        `ESP8266: ${text}`,
        [at(200, esp8266Banner() + esp8266Load, 74_880), at(300, lines("hi", text, "epc1=0x40201010"), 115_200)],
        new RegExp(text.replace(/[().]/g, "\\$&")),
        esp8266,
      ),
  ),
  panics("a console without the ROM", [
    at(900, lines("ready")),
    at(1500, abort),
    at(1600, esp32Banner("0xc (A)") + starts),
  ]),
  panics("a line that must not come", once(esp32Boot + lines("sensor: BIST FAILED")), /BIST FAILED/, {
    failOn: patterns("/bist failed/i"),
  }),

  loops(
    "blank ESP32 that names the header",
    resetLoop("0x10 (RTCWDT_RTC_RESET)", invalid),
    /2×\)\. The flash holds no/,
  ),
  loops("blank ESP32 that only resets", resetLoop("0x7 (TG0WDT_SYS_RESET)", ""), /no bootloader/),
  loops("blank ESP32 of which one reset is heard", once(esp32Banner() + esp32Banner("0x7 (TG0WDT)")), /no bootloader/),
  loops("blank ESP32 by its read error", resetLoop("0x7 (TG0WDT)", lines("flash read err, 1000")), /no bootloader/),
  loops("a read error, and it hangs", once(esp32Banner() + lines("flash read err, 1000")), /no bootloader/),
  loops("blank C3", resetLoop("0x7 (TG0WDT)", lines("Saved PC:0x4004d1f8") + invalid, newerBanner), /no bootloader/),
  loops("blank S3 that hangs", once(newerBanner() + invalid), /no bootloader/),
  loops("blank ESP8266", at74880(every(500, 5, esp8266Banner(4) + lines("ets_main.c "))), /hardware watchdog/, esp8266),
  loops("something else at the bootloader's place", resetLoop("0x10 (RTCWDT_RTC_RESET)", other), /something else/),
  loops("damaged bootloader", resetLoop("0x7 (TG0WDT_SYS_RESET)", rom), /bootloader in the flash is damaged/),
  loops("bootloader refused by Secure Boot", resetLoop("0x7 (TG0WDT_SYS_RESET)", refused), /Secure Boot/),
  loops(
    "bootloader for another chip",
    resetLoop("0x7 (TG0WDT)", lines("Invalid chip id. Expected 5 read 9.")),
    /another/,
  ),
  loops("MCUboot without an image", once(esp32Banner() + esp32Load + noImage), /MCUboot/),
  loops("no app", resetLoop("0x3 (SW_RESET)", noApp), /no app that it can start/),
  loops("no app, and it stays so", once(esp32Banner() + noApp), /no app that it can start/),
  loops("damaged app", resetLoop("0x3 (SW_RESET)", badApp), /app in the flash is damaged/),
  loops("no table", resetLoop("0x3 (SW_RESET)", badTable), /partition table/),
  loops("app refused by Secure Boot", resetLoop("0x3 (SW_RESET)", unsigned), /Secure Boot/),
  loops("app for another chip", resetLoop("0x3 (SW_RESET)", alien), /another chip/),
  loops("flash smaller than its header says", resetLoop("0x3 (SW_RESET)", starts + small), /more flash than/),
  loops("brownout by its banner", resetLoop("0xf (RTCWDT_BROWN_OUT_RESET)"), /brownout: .* fell too low \(2×\)/),
  loops("brownout by its words", resetLoop("0xc (SW_CPU_RESET)", starts + lowPower), /brownout/),
  loops("brownout, then nothing", once(esp32Boot + lowPower), /supply voltage/),
  loops("RTC watchdog", resetLoop("0x9 (RTCWDT_SYS_RESET)"), /RTC watchdog \(2×\)\.$/),
  loops("timer group 0", resetLoop("0x7 (TG0WDT_SYS_RESET)"), /timer group 0 \(2×\)\.$/),
  loops("timer group 1", resetLoop("0x8 (TG1WDT_SYS_RESET)"), /timer group 1/),
  loops("super watchdog", resetLoop("0x12 (SUPER_WDT_RESET)"), /super watchdog/),
  loops("lockup", resetLoop("0x1a (CPU_LOCKUP)"), /lockup/),
  loops("power glitch", resetLoop("0x17 (POWER_GLITCH_RESET)", starts, newerBanner), /power glitch/),
  loops("software, over and over", resetLoop("0xc (SW_CPU_RESET)"), /software \(CPU\) \(2×\)/),
  loops("power that comes and goes", resetLoop("0x1 (POWERON_RESET)"), /power-on/),
  loops("a cause that no table has", resetLoop("0x77 (MARTIANS)"), /MARTIANS/),
  loops("one restart, after which nothing runs", [...once(esp32Boot), at(1500, esp32Banner("0xc (A)") + esp32Load)]),
  loops("one watchdog reset, then nothing", [...once(esp32Boot), at(900, esp32Banner("0x8 (A)"))], /group 1 \(1×\)\.$/),
  loops("a loop behind a damaged slot", resetLoop("0x7 (TG0WDT)", badSlot + app), /group 0 \(2×\)\.$/),
  loops(
    "two causes in turn",
    [...once(esp32Boot), at(900, esp32Banner("0x9 (A)")), at(999, esp32Banner("0xc (B)"))],
    /RTC.*CPU/,
  ),
  loops("ESP8266 loops, its banners hidden by the app's rate", hiddenLoop, /could not be read|watchdog/, esp8266),
  loops(
    "a USB port that goes away without a word",
    goingAway.filter((step) => !("send" in step)),
    /USB port went away \(2×\)\.$/,
  ),
  loops("a USB port that keeps going away", goingAway, /USB port went away/),

  waits("download mode", once(uartDownload + lines("waiting for download")), /strapping/),
  waits("download mode of a C3", once(c3Download + lines("waiting for download"))),
  waits("download mode of a C3 over UART only", once(newerBanner("0x1 (POWERON)", "0x2 (UART0_BOOT)"))),
  waits("download mode without its words", once(uartDownload)),
  waits("download mode of an ESP8266", at74880(once(esp8266Banner(2, 1))), /./, esp8266),

  isOther("another version", once(esp32Boot), /version is v1\.2\.3, not v1\.2\.4/, { app: { version: "v1.2.4" } }),
  isOther("another project", once(esp32Boot), /project is blink, not fade/, { app: { project: "fade" } }),
  isOther("another build", once(esp32Boot), /SHA-256/, { app: { version: "v1.2.3", elfSha256: "ff".repeat(32) } }),

  silent("nothing", [], /said nothing/),
  silent("a bootloader, then nothing", once(esp32Banner() + esp32Load + bootloader), /hangs, or it logs nothing/),
  silent("a bootloader with a wrong digest, that hangs", once(newerBanner() + newerLoad + hashOff), /hangs/),
  silent("ESP8266 that starts nothing", once(esp8266Banner() + esp8266Load + lines("v09f0c112", "~ld")), /hangs/, {
    ...esp8266,
    crystalMhz: 40,
  }),
  silent("ROM and bootloader that falter, and then hang", faltering, /hangs/),
  silent("another baud rate", [at(200, esp32Boot, 460_800), at(700, esp32Boot, 460_800)], /unreadable bytes.*baud/),
  silent("noise with what looks like words", once(luckyNoise), /unreadable/),
  silent("noise of all kinds", once(noise), /unreadable/),
  silent("a boot that takes longer than the time", [...once(esp32Banner() + esp32Load), at(10_500, app)]),
  silent("an app that takes the USB port for itself", [...once(esp32Boot), { atMs: 900, lostUntilMs: 60_000 }], /away/),
  silent("a USB port that comes back without a word", [{ atMs: 100, lostUntilMs: 600 }], /came back, then nothing/),
  silent("a USB port that does not come back", [{ atMs: 100, lostUntilMs: 60_000 }], /did not come back/),
];
