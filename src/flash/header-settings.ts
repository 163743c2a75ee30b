import { toHex } from "../base/bytes.js";
import type { ChipDefinition } from "../chips/definition.js";
import { flashSizeFromName } from "../chips/flash-ids.js";
import { sha256 } from "../image/digest.js";
import { flashSettingsFrom } from "../image/flash-settings.js";
import type { FlashSettingWords } from "../image/flash-settings.js";
import { patchFlashSettings } from "../image/patch.js";
import { contentOf } from "./content.js";
import type { FlashImage } from "./job.js";

/** Bytes of flash that byte 3 of an image header declares; `undefined` for a code that the chip does not have. */
export function declaredFlashBytes(chip: ChipDefinition, sizeFreqByte: number): number | undefined {
  const name = Object.entries(chip.flashSizeCodes).find(([, code]) => code === (sizeFreqByte & 0xf0))?.[0];
  return name === undefined ? undefined : flashSizeFromName(name);
}

/**
 * The images with the job's flash settings in the header of the bootloader: the ROM takes them from there, and the
 * bootloader hands them on. Throws chip/unsupported for a setting that the chip does not have, and image/signed.
 */
export function applySettings(
  images: readonly FlashImage[],
  words: FlashSettingWords,
  board: { readonly chip: ChipDefinition; readonly flashSizeBytes: number },
): readonly FlashImage[] {
  const settings = flashSettingsFrom(words, board.chip, board.flashSizeBytes);
  return images.map((image) => {
    const { image: bootloader, imageOffset } = contentOf(image);
    if (bootloader === undefined || image.offset + imageOffset !== board.chip.bootloaderOffset) return image;
    const bytes = patchFlashSettings(image.bytes, imageOffset, settings);
    return bytes === image.bytes ? image : { ...image, bytes, sha256: toHex(sha256(bytes)) };
  });
}
