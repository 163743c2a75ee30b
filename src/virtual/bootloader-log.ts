import { isMapped } from "./app-refusal.js";
import type { ReadFlash } from "./boot-check.js";
import { FLASH_MODES } from "./boot-log.js";
import type { GoodImage } from "./boot-log.js";
import type { LogLine } from "./boot-output.js";
import type { PartitionRow } from "./boot-table.js";
import { versionText } from "./revision.js";
import type { Silicon } from "./silicon.js";

/** What only a bootloader has in its image that was built to say more than errors. */
const WORDS = "2nd stage bootloader";
/** ESP-IDF's version stands in the image as a text of its own. */
const IDF_VERSION = /v\d+\.\d+[\w.-]*(?=\0)/;

const SPEEDS: Readonly<Record<number, string>> = { 0x0: "40MHz", 0x1: "26.7MHz", 0x2: "20MHz", 0xf: "80MHz" };

/** As ESP-IDF `bootloader_utility.c` at 1021229 names partitions, by type and subtype. */
const USES: Readonly<Record<string, string>> = {
  "0.0": "factory app",
  "0.32": "test app",
  "1.0": "OTA data",
  "1.1": "RF data",
  "1.2": "WiFi data",
  "1.4": "NVS keys",
  "1.5": "efuse",
};

const hexDigits = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

function useOf({ type, subtype }: PartitionRow): string {
  if (type === 0 && subtype >= 0x10 && subtype < 0x20) return "OTA app";
  return USES[`${type}.${subtype}`] ?? (type === 0 ? "Unknown app" : type === 1 ? "Unknown data" : "unknown");
}

/** The version that a bootloader names itself with; `undefined` for one that was built to print errors only. */
export function spokenVersion(read: ReadFlash, bootloader: GoodImage): string | undefined {
  const content = bootloader.segments
    .map(({ offset, lengthBytes }) => Buffer.from(read(offset, lengthBytes)).toString("latin1"))
    .join("\0");
  return content.includes(WORDS) ? (IDF_VERSION.exec(content)?.[0] ?? "v0.0") : undefined;
}

export function bannerLines(silicon: Silicon, revision: number, bootloader: GoodImage, version: string): LogLine[] {
  const chipTag = `boot.${silicon.label.toLowerCase().replace("-", "")}`;
  return [
    ["boot", `ESP-IDF ${version} ${WORDS}`],
    ["boot", `chip revision: ${versionText(revision)}`],
    [chipTag, `SPI Speed      : ${SPEEDS[bootloader.flashFrequency] ?? "40MHz"}`],
    [chipTag, `SPI Mode       : ${FLASH_MODES[bootloader.flashMode] ?? "DIO"}`],
    [chipTag, `SPI Flash Size : ${bootloader.flashBytes / 0x100000}MB`],
    ["boot", "Enabling RNG early entropy source..."],
  ];
}

export function tableLines(rows: readonly PartitionRow[]): LogLine[] {
  const texts = rows.map((row, index) => {
    const names = `${String(index).padStart(2)} ${row.label.padEnd(16)} ${useOf(row).padEnd(16)}`;
    const kind = `${hexDigits(row.type, 2)} ${hexDigits(row.subtype, 2)}`;
    return `${names} ${kind} ${hexDigits(row.offset, 8)} ${hexDigits(row.lengthBytes, 8)}`;
  });
  const all = [
    "Partition Table:",
    "## Label            Usage          Type ST Offset   Length",
    ...texts,
    "End of partition table",
  ];
  return all.map((text) => ["boot", text]);
}

export function segmentLines(silicon: Silicon, app: GoodImage): LogLine[] {
  return app.segments.map(({ address, offset, lengthBytes }, index) => {
    const place = `paddr=${hexDigits(offset, 8)} vaddr=${hexDigits(address, 8)}`;
    const size = `size=${hexDigits(lengthBytes, 5)}h (${String(lengthBytes).padStart(6)})`;
    return ["esp_image", `segment ${index}: ${place} ${size} ${isMapped(silicon, address) ? "map" : "load"}`];
  });
}

export function loadedLines(appOffset: number): LogLine[] {
  return [
    ["boot", `Loaded app from partition at offset 0x${appOffset.toString(16)}`],
    ["boot", "Disabling RNG early entropy source..."],
  ];
}
