import { FlashError } from "../base/errors.js";
import { chips } from "../chips/index.js";
import { checkContent, checkNotEmpty } from "./check.js";
import { sha256Of } from "./digest.js";
import { layoutKindByContent, layoutKindByName, readLayout } from "./layout-kinds.js";
import type { FirmwarePart, FirmwareSettings, PartPlace } from "./part.js";
import type { FileContext, FirmwareDeps } from "./source.js";
import { joinWithinSectors } from "./sparse.js";
import type { PlacedBytes } from "./sparse.js";
import type { NamedBytes } from "./unpack.js";

/** What a file holds, once it is unpacked. */
export interface Content {
  readonly parts: readonly FirmwarePart[];
  readonly settings: FirmwareSettings;
  readonly chip?: string | undefined;
}

/** One file of a job as the user asked for it. */
export interface ContentRequest extends FileContext {
  readonly place?: PartPlace | undefined;
  /** The chip that the input `chip` names. */
  readonly chip: string | undefined;
}

/** Gets a part that a layout names by the path that stands there. */
export type PartReader = (path: string) => Promise<NamedBytes & { readonly sha256: string }>;

/**
 * What unpacked bytes mean: a layout, Intel HEX, an ELF file, or one image. With a place of the user's choice other
 * data may look alike, so there a layout, a HEX or an ELF file has to be named as such. Throws `firmware/…`,
 * `image/…`, or `input/conflict` where both the user and the file say what goes where.
 */
export async function readContent(
  file: NamedBytes,
  request: ContentRequest,
  readPart: PartReader,
  deps: FirmwareDeps,
): Promise<Content> {
  const { name, bytes } = file;
  const isPlaced = request.place !== undefined;
  const kind = layoutKindByName(name) ?? (isPlaced ? undefined : layoutKindByContent(bytes));
  if (kind !== undefined) {
    refusePlace(file, request);
    const layout = readLayout(kind, file, request.chip);
    const parts: FirmwarePart[] = [];
    for (const { path, offset, encrypted } of layout.parts) {
      const part = await readPart(path);
      parts.push({ ...part, place: { kind: "offset", offset }, encrypted });
    }
    return { parts, settings: layout.settings, chip: layout.chip };
  }

  if (bytes[0] === 0x3a && (!isPlaced || /\.(hex|ihex|ihx)$/i.test(name))) {
    refusePlace(file, request);
    const { parseIntelHex } = await import("../image/hex.js");
    const pieces = joinWithinSectors(name, await parseIntelHex(bytes, deps.clock));
    return { parts: await placedParts(name, pieces, deps), settings: {} };
  }
  const { looksLikeElf } = await import("../image/elf.js");
  if (looksLikeElf(bytes) && (!isPlaced || /\.elf$/i.test(name))) {
    return { parts: await elfParts(file, request, deps), settings: {} };
  }

  const sha256 = await sha256Of(bytes, deps.clock);
  const { place } = request;
  return { parts: [{ name, bytes, sha256, ...(place === undefined ? {} : { place }) }], settings: {} };
}

/** A member of an archive as a part: what plainly is not meant is refused there too. */
export async function checkedMember(
  file: NamedBytes,
  purpose: "image" | "data",
  deps: FirmwareDeps,
): Promise<NamedBytes & { readonly sha256: string }> {
  checkNotEmpty(file.name, file.bytes);
  const checked = { name: file.name, bytes: file.bytes, sha256: await sha256Of(file.bytes, deps.clock) };
  checkContent(checked, { source: "file", contentType: "" }, { purpose });
  return checked;
}

function refusePlace({ name }: NamedBytes, { place, input }: ContentRequest): void {
  if (place === undefined) return;
  const other = input === "files" ? "the line in `files`" : "`offset`";
  throw new FlashError("input/conflict", `${name} says itself what goes where, and so does ${other}.`, {
    inputs: input === "files" ? ["files"] : ["offset", "firmware-url"],
  });
}

async function elfParts(file: NamedBytes, request: ContentRequest, deps: FirmwareDeps): Promise<FirmwarePart[]> {
  const { name, bytes } = file;
  const chip = Object.values(chips).find((candidate) => candidate.name === request.chip);
  if (chip === undefined) {
    throw new FlashError("firmware/chip", `${name} is an ELF file, which does not say for which chip: set \`chip\``, {
      name,
    });
  }
  if (chip.imageChipId === undefined) {
    refusePlace(file, request);
    const { elfToEsp8266V1 } = await import("../image/elf-to-esp8266.js");
    return placedParts(name, elfToEsp8266V1(bytes), deps);
  }
  const { elfToImage } = await import("../image/elf-to-image.js");
  const image = elfToImage(bytes, chip.imageChipId);
  const sha256 = await sha256Of(image, deps.clock);
  const { place } = request;
  return [{ name, bytes: image, sha256, ...(place === undefined ? {} : { place }) }];
}

async function placedParts(name: string, pieces: readonly PlacedBytes[], deps: FirmwareDeps): Promise<FirmwarePart[]> {
  const parts: FirmwarePart[] = [];
  for (const { offset, bytes } of pieces) {
    const sha256 = await sha256Of(bytes, deps.clock);
    const partName = pieces.length === 1 ? name : `${name} @ 0x${offset.toString(16)}`;
    parts.push({ name: partName, bytes, sha256, place: { kind: "offset", offset } });
  }
  return parts;
}
