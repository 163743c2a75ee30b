import * as v from "valibot";
import { FlashError } from "../base/errors.js";
import type { Layout, LayoutSource } from "./layout.js";
import { readJson } from "./layout-json.js";

// ESP Web Tools 10, src/const.ts: `Manifest` and `Build`. A family may have one build for each kind of serial port.
const buildSchema = v.object({
  chipFamily: v.string(),
  serialType: v.optional(v.string()),
  parts: v.array(
    v.object({ path: v.string(), offset: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)) }),
  ),
});
const manifestSchema = v.object({ builds: v.array(buildSchema) });

type Build = v.InferOutput<typeof buildSchema>;

/**
 * The build of an ESP Web Tools manifest that is for `chip`, or its only one. Throws `firmware/layout`, and
 * `firmware/chip` where there is none for the chip, or several to choose from.
 */
export function parseManifest(source: LayoutSource): Layout {
  const { document } = readJson(source, manifestSchema);
  const { chipFamily, parts } = chooseBuild(source, document.builds);
  return {
    parts: parts.map(({ path, offset }) => ({ path, offset, encrypted: false })),
    settings: {},
    chip: chipOf(chipFamily),
  };
}

function chooseBuild({ name, chip }: LayoutSource, builds: readonly Build[]): Build {
  const families = [...new Set(builds.map((build) => build.chipFamily))];
  const refuse = (what: string): FlashError =>
    new FlashError("firmware/chip", `${name} ${what}; it has builds for ${families.join(", ") || "no chip"}`, {
      name,
      families,
    });
  if (chip === undefined && families.length > 1) throw refuse("is for several chips, and `chip` does not say which");
  const ours = builds.filter((build) => chip === undefined || chipOf(build.chipFamily) === chip);
  // Builds for one kind of serial port differ in their console only.
  const [build, second] = ours.length > 1 ? ours.filter((candidate) => candidate.serialType === undefined) : ours;
  if (build !== undefined && second === undefined) return build;
  throw refuse(ours.length === 0 ? `has no build for ${chip ?? "any chip"}` : `has several builds for one chip`);
}

/** `ESP32-S3` is `esp32s3`. */
function chipOf(family: string): string {
  return family.toLowerCase().replaceAll("-", "");
}
