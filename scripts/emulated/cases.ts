import { esp32 } from "../../src/chips/esp32.js";
import { esp32c3 } from "../../src/chips/esp32c3.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";
import type { EmulatedChip } from "./emulated-board.js";

/** A step on an emulated board. */
export interface EmulatedCase {
  readonly name: string;
  readonly chip: EmulatedChip;
  /** The flash before the step, and after it. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** The folder of a sub-action. */
  readonly sub?: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** What the outputs have to say; `error-code` for a step that has to fail. */
  readonly outputs?: Readonly<Record<string, string>>;
}

const FLASH_BYTES = 0x400000;
const SECTOR_BYTES = 0x1000;
const blank = new Uint8Array(FLASH_BYTES).fill(0xff);
const dirty = pseudoCode(FLASH_BYTES, 9);

function withBytes(flash: Uint8Array, offset: number, bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(flash);
  changed.set(bytes, offset);
  return changed;
}

/** The firmware of each chip, as `firmware.bin` in the workspace. */
export const firmwares = { esp32: buildDemoFirmware(esp32), esp32c3: buildDemoFirmware(esp32c3) } as const;
const OFFSETS = { esp32: 0x1000, esp32c3: 0 } as const;

function casesOf(chip: EmulatedChip): readonly EmulatedCase[] {
  const [firmware, offset] = [firmwares[chip], OFFSETS[chip]];
  const sectors = new Uint8Array(Math.ceil(firmware.length / SECTOR_BYTES) * SECTOR_BYTES).fill(0xff);
  sectors.set(firmware);
  const held = withBytes(blank, offset, firmware);
  const oneChanged = withBytes(held, offset + 0x8123, Uint8Array.of(0x5a, 0xa5));
  const everyChanged = Uint8Array.from(held);
  for (let at = offset; at < offset + firmware.length; at += SECTOR_BYTES) everyChanged[at] = ~(held[at] ?? 0);
  const flash = (
    name: string,
    before: Uint8Array,
    inputs: EmulatedCase["inputs"] = {},
    after = held,
  ): EmulatedCase => ({
    name,
    chip,
    before,
    after,
    inputs: { "firmware-url": "firmware.bin", "boot-check": "off", ...inputs },
  });
  const touched = withBytes(dirty, offset, sectors);
  return [
    ...["115200", "460800", "921600", "2000000"].map((baud) => flash(`blank board, ${baud} baud`, blank, { baud })),
    { ...flash("nothing changed", held), outputs: { skipped: "true", "bytes-written": "0" } },
    flash("one sector changed", oneChanged),
    flash("every sector changed", everyChanged),
    flash("erase: all, every sector dirty", dirty, { erase: "all" }),
    flash("erase: touched, every sector dirty", dirty, { erase: "touched" }, touched),
    flash("compress: false", blank, { compress: "false" }),
    flash("stub: false", blank, { stub: "false" }),
    flash("stub: false, every sector dirty", dirty, { stub: "false", erase: "touched" }, touched),
    {
      ...flash("erase: none, not blank", dirty, { erase: "none" }, dirty),
      outputs: { "error-code": "plan/not-blank" },
    },
    { name: "erase all", chip, before: dirty, after: blank, sub: "erase", inputs: { regions: "all" } },
    { name: "info", chip, before: held, after: held, sub: "info", inputs: {}, outputs: { "flash-size": "4MB", chip } },
  ];
}

export const emulatedCases: readonly EmulatedCase[] = [...casesOf("esp32"), ...casesOf("esp32c3")];
