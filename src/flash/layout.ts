import { formatBytes, hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { isAppPartition } from "../image/partition-table.js";
import type { Partition } from "../image/partition-table.js";
import { contentOf } from "./content.js";
import { overlaps, SECTOR_BYTES } from "./desired.js";
import type { FlashImage, FlashJob, FlashRange } from "./job.js";
import { refuse } from "./refuse.js";

/** How the flash is divided after the job, as far as it is known. */
export interface Layout {
  readonly table?: {
    readonly partitions: readonly Partition[];
    /** Its own address. */
    readonly offset: number;
    /** The job writes it, so that its faults are the job's. */
    readonly isNew: boolean;
  };
  /** What the bootloader's header says of the flash, and whether the job writes that bootloader. */
  readonly declared?: { readonly flashBytes: number; readonly isNew: boolean };
  readonly flashSizeBytes?: number;
}

/** Bootloader and table as rows of the table (ESP-IDF v5.4 `esp_partition.h`): they may lie where they lie. */
const SELF_DESCRIBING_TYPES = [0x02, 0x03];

const span = ({ offset, lengthBytes }: FlashRange): string => `${hex32(offset)} to ${hex32(offset + lengthBytes)}`;

function checkTableOverlap(job: FlashJob, partitions: readonly Partition[], tableOffset: number): void {
  const rows = partitions.filter(({ type }) => !SELF_DESCRIBING_TYPES.includes(type));
  const tableEnd = tableOffset + SECTOR_BYTES;
  rows.forEach((row, index) => {
    if (row.offset < tableEnd) {
      const message = `The partition ${row.name} (${span(row)}) begins before the end of the partition table at ${hex32(tableEnd)}.`;
      refuse(job, "table-overlap", message, { partitions: [row.name] });
    }
    const other = rows.slice(0, index).find((earlier) => overlaps(earlier, row));
    if (other === undefined) return;
    const message = `The partitions ${other.name} (${span(other)}) and ${row.name} (${span(row)}) overlap.`;
    refuse(job, "table-overlap", message, { partitions: [other.name, row.name] });
  });
}

function checkTableEnd(job: FlashJob, partitions: readonly Partition[], layout: Layout): void {
  const flashBytes = Math.min(layout.flashSizeBytes ?? Infinity, layout.declared?.flashBytes ?? Infinity);
  const beyond = partitions.find((row) => row.offset + row.lengthBytes > flashBytes);
  if (beyond === undefined) return;
  const whose = flashBytes === layout.flashSizeBytes ? "the board has" : "the bootloader declares";
  refuse(
    job,
    "table-beyond-flash",
    `The partition ${beyond.name} (${span(beyond)}) reaches beyond the ${formatBytes(flashBytes)} of flash that ${whose}.`,
    { partition: beyond.name, flashBytes },
  );
}

/** An app of the job: its image's name, its address and length. */
interface PlacedApp extends FlashRange {
  readonly name: string;
}

function appsOf(image: FlashImage): PlacedApp[] {
  const { kind, apps } = contentOf(image);
  if (kind === "app") return [{ name: image.name, offset: image.offset, lengthBytes: image.bytes.length }];
  return apps.map((app) => ({
    name: `The app in ${image.name}`,
    offset: image.offset + app.offset,
    lengthBytes: app.image.lengthBytes,
  }));
}

function checkApp(job: FlashJob, app: PlacedApp, partitions: readonly Partition[]): Partition | undefined {
  const place = partitions.find((row) => overlaps(row, { offset: app.offset, lengthBytes: 1 }));
  // An app inside of a data partition is data: firmware for another chip on the same board, say.
  if (place !== undefined && !isAppPartition(place)) return undefined;
  if (place?.offset !== app.offset) {
    const places = partitions.filter(isAppPartition).map((row) => `${hex32(row.offset)} (${row.name})`);
    const message = `${app.name} shall go to ${hex32(app.offset)}, but the partition table has its apps at ${places.join(", ")}.`;
    refuse(job, "app-offset", message, { app: app.name, offset: hex32(app.offset) });
    return place;
  }
  if (app.lengthBytes > place.lengthBytes) {
    refuse(
      job,
      "app-too-large",
      `${app.name} has ${formatBytes(app.lengthBytes)}, its partition ${place.name} only ${formatBytes(place.lengthBytes)}.`,
      { app: app.name, partition: place.name, lengthBytes: app.lengthBytes, partitionBytes: place.lengthBytes },
    );
  }
  return place;
}

function checkApps(job: FlashJob, partitions: readonly Partition[]): void {
  const taken = new Map<Partition, string>();
  for (const app of job.images.flatMap(appsOf)) {
    const place = checkApp(job, app, partitions);
    if (place === undefined) continue;
    const other = taken.get(place);
    if (other !== undefined) {
      throw new FlashError("plan/contradiction", `${other} and ${app.name} both go to the partition ${place.name}.`, {
        images: [other, app.name],
      });
    }
    taken.set(place, app.name);
  }
}

function checkDeclared(job: FlashJob, declared: NonNullable<Layout["declared"]>, layout: Layout): void {
  const { flashBytes, isNew } = declared;
  const { flashSizeBytes } = layout;
  if (isNew && flashSizeBytes !== undefined && flashBytes > flashSizeBytes) {
    refuse(
      job,
      "flash-size",
      `The bootloader's header declares ${formatBytes(flashBytes)} of flash, but the board has ${formatBytes(flashSizeBytes)}.`,
      { declaredBytes: flashBytes, flashBytes: flashSizeBytes },
    );
  }
  const beyond = job.images.find((image) => image.offset + image.bytes.length > flashBytes);
  if (beyond === undefined) return;
  refuse(
    job,
    "declared-size",
    `${beyond.name} (${formatBytes(beyond.bytes.length)} at ${hex32(beyond.offset)}) reaches beyond the ${formatBytes(flashBytes)} ` +
      "of flash that the bootloader's header declares.",
    { image: beyond.name, declaredBytes: flashBytes },
  );
}

/**
 * The guards that need the partition table and the bootloader's header: plan/table-overlap, plan/table-beyond-flash,
 * plan/app-offset, plan/app-too-large, plan/flash-size, plan/declared-size; plan/contradiction for two apps in one
 * partition. What `layout` leaves out is not checked.
 */
export function checkLayout(job: FlashJob, layout: Layout): void {
  const { table, declared } = layout;
  if (declared !== undefined) checkDeclared(job, declared, layout);
  if (table === undefined) return;
  if (table.isNew) {
    checkTableOverlap(job, table.partitions, table.offset);
    checkTableEnd(job, table.partitions, layout);
  }
  checkApps(job, table.partitions);
}
