import { buildImage } from "../../src/image/build.js";
import type { ImageRecipe } from "../../src/image/build.js";
import { buildAppDescription } from "../../src/image/app-description.js";

/** Bytes that are neither blank nor all the same. */
export function patternBytes(lengthBytes: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length: lengthBytes }, (_, index) => (index * 31 + seed * 17) & 0xff);
}

const esp32Recipe: ImageRecipe = {
  chipId: 0,
  entry: 0x400806f0,
  flashModeByte: 2,
  sizeFreqByte: 0x20,
  minRevision: 0,
  segments: [],
  digest: true,
};

/** A small ESP32 bootloader: RAM segments only. */
export function bootloaderImage(changes: Partial<ImageRecipe> = {}): Uint8Array {
  const segments = [
    { address: 0x3fff0018, bytes: patternBytes(64, 2) },
    { address: 0x40080400, bytes: patternBytes(400, 3) },
  ];
  return buildImage({ ...esp32Recipe, segments, ...changes });
}

/** A small ESP32 app: description in mapped flash, code in RAM. */
export function appImage(changes: Partial<ImageRecipe> = {}): Uint8Array {
  const description = buildAppDescription({
    version: "1.2.3",
    project: "blink",
    compileTime: "07:50:41",
    compileDate: "Dec 20 2019",
    idfVersion: "v5.3",
    elfSha256: "ab".repeat(32),
  });
  const segments = [
    { address: 0x3f400020, bytes: description },
    { address: 0x40080000, bytes: patternBytes(600, 4) },
  ];
  return buildImage({ ...esp32Recipe, segments, ...changes });
}

/** Bytes of a flash, or of a merged file, with `parts` at their places and FF around them. */
export function flashBytes(
  lengthBytes: number,
  parts: readonly { readonly offset: number; readonly bytes: Uint8Array }[],
): Uint8Array {
  const flash = new Uint8Array(lengthBytes).fill(0xff);
  for (const part of parts) flash.set(part.bytes, part.offset);
  return flash;
}

/** The error that `run` throws, for tests that look at its code and words. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
