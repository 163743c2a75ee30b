import { createHash } from "node:crypto";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { PARTITION_TABLE_OFFSET, buildPartitionTable } from "../../src/image/partition-table.js";

const APP_OFFSET = 0x10000;
const DIGEST_BYTES = 32;
// ESP-IDF `esp_app_desc.h` (v5.3), behind the image's header and that of its first segment.
const VERSION_AT = 24 + 8 + 16;
const PROJECT_AT = VERSION_AT + 32;
const FIELD_BYTES = 32;

/** What firmware says of itself; of `partitions` there may be two besides the app's. */
interface Words {
  readonly version: string;
  readonly project: string;
  readonly partitions: readonly [string, string];
  readonly appPartition: string;
}

/** Good firmware for an ESP32 that says these words: what it is made of, by where it goes. */
export function hostileParts({ version, project, partitions, appPartition }: Words): ReadonlyMap<number, Uint8Array> {
  const whole = buildDemoFirmware(esp32);
  const at = (offset: number): number => offset - esp32.bootloaderOffset;
  const app = whole.slice(at(APP_OFFSET));
  write(app, VERSION_AT, version);
  write(app, PROJECT_AT, project);
  const body = app.subarray(0, -DIGEST_BYTES);
  app.set(createHash("sha256").update(body).digest(), body.length);
  const [first, second] = partitions;
  const table = buildPartitionTable([
    { name: first, type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
    { name: second, type: 1, subtype: 1, offset: 0xf000, lengthBytes: 0x1000, flags: 0 },
    { name: appPartition, type: 0, subtype: 0, offset: APP_OFFSET, lengthBytes: 0x100000, flags: 0 },
  ]);
  return new Map([
    [esp32.bootloaderOffset, whole.slice(0, at(PARTITION_TABLE_OFFSET))],
    [PARTITION_TABLE_OFFSET, table],
    [APP_OFFSET, app],
  ]);
}

/** Puts a text into a field of the app's description; the checksum before the digest is the XOR of all data. */
function write(app: Uint8Array, at: number, text: string): void {
  const field = Buffer.alloc(FIELD_BYTES);
  field.write(text, 0, FIELD_BYTES - 1, "utf8");
  const checksumAt = app.length - DIGEST_BYTES - 1;
  for (const [index, byte] of field.entries()) {
    app[checksumAt] = (app[checksumAt] ?? 0) ^ (app[at + index] ?? 0) ^ byte;
    app[at + index] = byte;
  }
}
