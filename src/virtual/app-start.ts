import { readUint32, toHex } from "../base/bytes.js";
import type { ReadFlash } from "./boot-check.js";
import { FLASH_MODES } from "./boot-log.js";
import type { GoodImage } from "./boot-log.js";
import type { LogLine } from "./boot-output.js";
import { versionText } from "./revision.js";

const APP_DESCRIPTION_MAGIC = 0xabcd5432;

/** Who an app says it is. Texts are empty where its build left them out. */
export interface AppIdentity {
  readonly project: string;
  readonly version: string;
  /** Date and time of the build. */
  readonly compiled: string;
  readonly idfVersion: string;
  /** SHA-256 of the ELF file in hex. */
  readonly elfSha256: string;
}

/** The description at the head of an app's first segment (ESP-IDF `esp_app_desc.h`), if there is one. */
export function readAppIdentity(read: ReadFlash, image: GoodImage): AppIdentity | undefined {
  const description = read(image.segments[0]?.offset ?? 0, 256);
  if (readUint32(description, 0) !== APP_DESCRIPTION_MAGIC) return undefined;
  const text = (offset: number, lengthBytes: number): string =>
    Buffer.from(description.subarray(offset, offset + lengthBytes))
      .toString("latin1")
      .split("\0")[0] ?? "";
  return {
    version: text(16, 32),
    project: text(48, 32),
    compiled: `${text(96, 16)} ${text(80, 16)}`.trim(),
    idfVersion: text(112, 32),
    elfSha256: toHex(description.subarray(144, 176)),
  };
}

/** ESP-IDF's version as major · 100 + minor; what does not say is taken for new. */
function generation(identity: AppIdentity): number {
  const match = /^v?(\d+)\.(\d+)/.exec(identity.idfVersion);
  return match === null ? Infinity : Number(match[1]) * 100 + Number(match[2]);
}

function informationLines(identity: AppIdentity, tag: string, digits: number): LogLine[] {
  const rows = [
    ["Project name:     ", identity.project],
    ["App version:      ", identity.version],
    ["Compile time:     ", identity.compiled],
    ["ELF file SHA256:  ", `${identity.elfSha256.slice(0, digits)}...`],
    ["ESP-IDF:          ", identity.idfVersion],
  ] as const;
  const texts = rows.filter(([, value]) => value !== "").map(([label, value]) => label + value);
  return ["Application information:", ...texts].map((text) => [tag, text]);
}

/** What an app is started with. */
export interface AppStart {
  readonly image: GoodImage;
  readonly identity: AppIdentity | undefined;
  readonly chipRevision: number;
}

/**
 * What ESP-IDF's start code says of an app before its flash is looked at. Words as in the boot logs of each version:
 * `cpu_start` names the app up to 5.2, `app_init` since; the ELF file's digest has 16 digits up to 5.1, then nine.
 */
export function startLines({ identity, image, chipRevision }: AppStart): LogLine[] {
  if (identity === undefined) return [["cpu_start", "Pro cpu up."]];
  const since = generation(identity);
  if (since < 500) {
    return [
      ["cpu_start", "Pro cpu up."],
      ...informationLines(identity, "cpu_start", 16),
      ["cpu_start", "Pro cpu start user code"],
    ];
  }
  const revisionTag = since < 503 ? "cpu_start" : "efuse_init";
  return [
    ["cpu_start", "Pro cpu start user code"],
    ...informationLines(identity, since < 503 ? "cpu_start" : "app_init", since < 502 ? 16 : 9),
    [revisionTag, `Min chip rev:     ${versionText(image.minRevision)}`],
    ...(image.maxRevision === Infinity
      ? []
      : ([[revisionTag, `Max chip rev:     ${versionText(image.maxRevision)} `]] as const)),
    [revisionTag, `Chip rev:         ${versionText(chipRevision)}`],
    ["heap_init", "Initializing. RAM available for dynamic allocation:"],
    ["spi_flash", "detected chip: gd"],
    ["spi_flash", `flash io: ${(FLASH_MODES[image.flashMode] ?? "DIO").toLowerCase()}`],
  ];
}

/** The last lines before the app's own code: since 5.1 its main task speaks. */
export function mainLines({ identity }: AppStart): LogLine[] {
  const since = identity === undefined ? 0 : generation(identity);
  if (since < 501) return [["cpu_start", "Starting scheduler on PRO CPU."]];
  return [
    ...(since < 502 ? ([["app_start", "Starting scheduler on CPU0"]] as const) : []),
    ["main_task", "Started on CPU0"],
    ["main_task", "Calling app_main()"],
  ];
}
