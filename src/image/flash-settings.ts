import { FlashError } from "../base/errors.js";
import { formatBytes } from "../base/bytes.js";
import type { FlashSettings } from "./patch.js";

/** How a chip's image headers code frequency and size; every `ChipDefinition` has it. */
export interface HeaderCodes {
  readonly label: string;
  readonly flashFrequencyCodes: Readonly<Record<string, number>>;
  readonly flashSizeCodes: Readonly<Record<string, number>>;
}

/** Flash settings in words; `keep`, or none, leaves what the image has. */
export interface FlashSettingWords {
  /** `qio`, `qout`, `dio`, `dout`. */
  readonly mode?: string;
  /** `80m` and so on, as the chip has them. */
  readonly frequency?: string;
  /** `4MB` and so on, or `detect`. */
  readonly size?: string;
}

/** Byte 2 of an image header. */
export const flashModeCodes: Readonly<Record<string, number>> = { qio: 0, qout: 1, dio: 2, dout: 3 };

const KIB = 1024;

function codeOf(word: string | undefined, codes: Readonly<Record<string, number>>, what: string): number | undefined {
  if (word === undefined || word === "keep") return undefined;
  const code = Object.hasOwn(codes, word) ? codes[word] : undefined;
  if (code !== undefined) return code;
  const known = Object.keys(codes).join(", ");
  throw new FlashError("chip/unsupported", `${what} is "${word}", but takes keep or one of ${known}.`, { value: word });
}

function sizeWord(sizeBytes: number): string {
  return sizeBytes < KIB * KIB ? `${sizeBytes / KIB}KB` : `${sizeBytes / KIB / KIB}MB`;
}

function detectedSizeCode(chip: HeaderCodes, flashSizeBytes: number | undefined): number {
  const code = flashSizeBytes === undefined ? undefined : chip.flashSizeCodes[sizeWord(flashSizeBytes)];
  if (code !== undefined) return code;
  const found = flashSizeBytes === undefined ? "an unknown size" : formatBytes(flashSizeBytes);
  throw new FlashError(
    "chip/unsupported",
    `flash-size is "detect", but the board's flash has ${found}, which an image header of ${chip.label} cannot say.`,
  );
}

/**
 * The header values for `words` on a chip. `flashSizeBytes` is what the board's flash has, for `detect`. Throws
 * chip/unsupported for a word that the chip's headers have no code for.
 */
export function flashSettingsFrom(words: FlashSettingWords, chip: HeaderCodes, flashSizeBytes?: number): FlashSettings {
  const flashModeByte = codeOf(words.mode, flashModeCodes, "flash-mode");
  const frequencyCode = codeOf(words.frequency, chip.flashFrequencyCodes, `flash-freq of ${chip.label}`);
  const sizeCode =
    words.size === "detect"
      ? detectedSizeCode(chip, flashSizeBytes)
      : codeOf(words.size, chip.flashSizeCodes, `flash-size of ${chip.label}`);
  return {
    ...(flashModeByte === undefined ? {} : { flashModeByte }),
    ...(frequencyCode === undefined ? {} : { frequencyCode }),
    ...(sizeCode === undefined ? {} : { sizeCode }),
  };
}
