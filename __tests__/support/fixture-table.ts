import { readFileSync } from "node:fs";
import path from "node:path";

interface MadeFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** One ELF file and what `elf2image` makes of it, by the output's suffix. */
export interface ElfCase {
  readonly elf: string;
  readonly chip: string;
  readonly options: readonly string[];
  readonly ok: boolean;
  readonly files: Readonly<Record<string, MadeFile>>;
}

/** One image whose header was set by `merge-bin`. */
interface PatchCase extends MadeFile {
  readonly image: string;
  readonly chip: string;
  readonly options: readonly string[];
}

/** One image and what `image-info` prints. */
interface InfoCase {
  readonly image: string;
  readonly ok: boolean;
  readonly esptool_says: readonly string[];
}

/** What esptool 5.3.1 makes of the test files of its own repository (commit bb72741). */
export const fixtureTable = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "../image/fixtures-expected.json"), "utf8"),
) as {
  readonly elf2image: readonly ElfCase[];
  readonly patched: readonly PatchCase[];
  readonly image_info: readonly InfoCase[];
};
