import * as v from "valibot";
import { layoutError, parseAddress } from "./layout.js";
import type { Layout, LayoutPart, LayoutSource } from "./layout.js";
import { readJson } from "./layout-json.js";
import type { FirmwareSettings } from "./part.js";

// ESP-IDF v5.3, components/esptool_py/flasher_args.json.in and project_include.cmake: beside these keys there is one
// for each part, with its offset, file and whether it is written encrypted, all as texts.
const documentSchema = v.looseObject({
  flash_files: v.record(v.string(), v.string()),
  flash_settings: v.optional(
    v.object({
      flash_mode: v.optional(v.string()),
      flash_freq: v.optional(v.string()),
      flash_size: v.optional(v.string()),
    }),
  ),
  write_flash_args: v.optional(v.array(v.string())),
  extra_esptool_args: v.optional(v.looseObject({ chip: v.optional(v.string()) })),
});
const encryptedPart = v.looseObject({ offset: v.string(), encrypted: v.literal("true") });

type Document = v.InferOutput<typeof documentSchema>;

/** ESP-IDF's `flasher_args.json`. Throws `firmware/layout`. */
export function parseFlasherArgs(source: LayoutSource): Layout {
  const { document, offsetOf } = readJson(source, documentSchema);
  const encrypted = encryptedOffsets(document);
  const isAllEncrypted = document.write_flash_args?.includes("--encrypt") === true;
  const parts = Object.entries(document.flash_files).map(([offsetText, path]): LayoutPart => {
    const offset = parseAddress(offsetText);
    if (offset === undefined) {
      const at = offsetOf("flash_files", offsetText);
      throw layoutError(source.name, `has "${offsetText}" where an offset belongs`, at);
    }
    return { path, offset, encrypted: isAllEncrypted || encrypted.has(offset) };
  });
  return { parts, settings: settingsOf(document), chip: document.extra_esptool_args?.chip };
}

function encryptedOffsets(document: Document): ReadonlySet<number | undefined> {
  const sections = Object.values(document).filter((section) => v.is(encryptedPart, section));
  return new Set(sections.map((section) => parseAddress(section.offset)));
}

function settingsOf({ flash_settings: found = {} }: Document): FirmwareSettings {
  return {
    ...(found.flash_mode === undefined ? {} : { mode: found.flash_mode }),
    ...(found.flash_freq === undefined ? {} : { frequency: found.flash_freq }),
    ...(found.flash_size === undefined ? {} : { size: found.flash_size }),
  };
}
