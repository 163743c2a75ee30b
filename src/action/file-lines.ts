import { chipNames } from "../chips/index.js";
import type { ChipName } from "../chips/index.js";
import type { FirmwareItem } from "../firmware/firmware.js";
import { redactUrl } from "../firmware/url.js";
import { shown } from "./shown.js";

/** A line of the input `files`. */
export interface FileLine extends FirmwareItem {
  /** The only chip that it is for. */
  readonly chip?: ChipName;
}

/** What a line of the input `files` takes, for people. */
export const fileLineForm = "takes lines of `[chip:] offset-or-partition source [sha256]`";

/** ESP-IDF `esp_partition.h` (v5.3): a label has at most 16 characters. */
const longestPartitionName = 16;

/** The lines of `files` that mean something, with their numbers; `#` begins a comment where a line would. */
export function fileLines(text: string): { readonly number: number; readonly text: string }[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== "" && !line.text.startsWith("#"));
}

/**
 * One line: the chip that it is for, where it goes, where it comes from, and its digest, between blanks; quotes keep blanks together. Undefined
 * for a line of another form. What begins with a digit is an offset and never a partition.
 */
export function parseFileLine(line: string): FileLine | undefined {
  const [prefix = "", chipText = ""] = /^([a-z0-9]+):\s+/i.exec(line) ?? [];
  const chip = chipNames.find((name) => name === chipText.toLowerCase());
  if (chip === undefined) return parsePlacedSource(line);
  const item = parsePlacedSource(line.slice(prefix.length));
  return item && { ...item, chip };
}

function parsePlacedSource(line: string): FirmwareItem | undefined {
  const words = Array.from(line.matchAll(/"([^"]*)"|([^\s"]+)/g), ([, quoted, plain]) => quoted ?? plain ?? "");
  const [placeText, location, sha256, ...more] = words;
  const isWhole = line.replace(/"[^"]*"|[^\s"]+/g, "").trim() === "";
  if (!isWhole || placeText === undefined || location === undefined || location === "" || more.length > 0) {
    return undefined;
  }
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) return undefined;
  const pinned = sha256 === undefined ? {} : { sha256: sha256.toLowerCase() };

  if (/^\d/.test(placeText)) {
    const offset = /^(0x[0-9a-f]+|\d+)$/i.test(placeText) ? Number(placeText) : Infinity;
    return offset > 0xffffffff ? undefined : { location, ...pinned, place: { kind: "offset", offset } };
  }
  const isName = placeText.length <= longestPartitionName && /^[^\p{Cc}:/\\]+$/u.test(placeText);
  return isName ? { location, ...pinned, place: { kind: "partition", name: placeText } } : undefined;
}

/** What is wrong with lines of `files`, a sentence each. */
export function fileLineProblems(text: string): readonly string[] {
  return fileLines(text)
    .filter((line) => parseFileLine(line.text) === undefined)
    .map((line) => {
      const redacted = shown(line.text.replace(/[^\s"]+/g, redactUrl));
      return `\`files\` is ${redacted} in line ${line.number}: it ${fileLineForm}`;
    });
}
