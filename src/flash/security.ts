import { hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import type { ChipDefinition, SecurityState } from "../chips/definition.js";
import { PARTITION_TABLE_OFFSET } from "../image/partition-table.js";
import { overlaps, sectorsOf } from "./desired.js";
import { rangeOf } from "./guards.js";
import type { Allowance, FlashJob, FlashRange } from "./job.js";
import { refuse } from "./refuse.js";

/** The key manager's data lie in front of the bootloader (esptool `cmds.py` write_flash at v5.3.1 refuses all below). */
const KEY_MANAGER_END = 0x2000;

/** A setting of the chip, and the flash that a plain write must not touch then. */
interface Protection {
  readonly guard: Allowance;
  readonly setting: string;
  readonly isSet: (security: SecurityState) => boolean;
  readonly protectedRange: (chip: ChipDefinition) => FlashRange;
  readonly what: string;
}

const upTo = (start: number, end: number): FlashRange => ({ offset: start, lengthBytes: end - start });

const protections: readonly Protection[] = [
  {
    guard: "flash-encryption",
    setting: "flash encryption",
    isSet: (security) => security.flashEncryption,
    protectedRange: () => upTo(0, Number.MAX_SAFE_INTEGER),
    what: "what stands there, and what is written in plain would be decrypted to noise at the next start",
  },
  {
    guard: "key-manager",
    setting: "a flash key in its key manager",
    isSet: (security) => security.keyManager,
    protectedRange: () => upTo(0, KEY_MANAGER_END),
    what: "the key's data below 0x00002000",
  },
  {
    guard: "secure-boot-v1",
    setting: "Secure Boot V1",
    isSet: (security) => security.secureBootV1,
    // It also keeps its digest of the bootloader at 0x0 (esptool `cmds.py` write_flash refuses all below 0x8000).
    protectedRange: () => upTo(0, PARTITION_TABLE_OFFSET),
    what: "its signed bootloader",
  },
  {
    guard: "secure-boot-v2",
    setting: "Secure Boot V2",
    isSet: (security) => security.secureBootV2,
    protectedRange: (chip) => upTo(chip.bootloaderOffset, PARTITION_TABLE_OFFSET),
    what: "its signed bootloader",
  },
];

/**
 * Refuses (security/…) what the chip's eFuses make impossible or dangerous, because it cannot be undone: a board whose
 * bootloader is not signed with its key, or whose flash is written in plain while it decrypts, never starts again.
 */
export function checkSecurity(security: SecurityState, job: FlashJob, chip: ChipDefinition): void {
  if (security.secureDownload && !job.allow.has("unverified")) {
    throw new FlashError(
      "security/secure-download",
      `This ${chip.label} is in Secure Download Mode: its loader neither compares nor reads, so nothing could be verified.`,
      { allow: "unverified" },
    );
  }
  for (const { guard, setting, protectedRange, what } of protections.filter((row) => row.isSet(security))) {
    const range = protectedRange(chip);
    const image = job.images.find((candidate) => overlaps(sectorsOf(rangeOf(candidate)), range));
    const culprit =
      image === undefined
        ? job.erase === "all" && "`erase: all` would remove"
        : `${image.name} at ${hex32(image.offset)} would replace`;
    if (culprit === false) continue;
    refuse(job, guard, `This ${chip.label} has ${setting}: ${culprit} ${what}.`, { setting });
  }
}
