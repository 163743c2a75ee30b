import type { EraseRegion } from "../flash/erase-job.js";
import { fileLines } from "./file-lines.js";
import { shown } from "./shown.js";

/** What the input `regions` takes, for people. */
export const regionForm = "takes `all`, or lines that name a partition or are `offset length`";

const NUMBER = "(0x[0-9a-f]{1,8}|\\d{1,10})";
const RANGE = new RegExp(`^${NUMBER}\\s+${NUMBER}$`, "i");
/** As a partition's name in `files`: what begins with a digit is none. ESP-IDF `esp_partition.h` (v5.3): 16 characters. */
const NAME = /^[^\p{Cc}\s\d][^\p{Cc}\s]{0,15}$/u;

function parseRegion(line: string): EraseRegion | undefined {
  const [, offset, lengthBytes] = RANGE.exec(line) ?? [];
  if (offset !== undefined) return { offset: Number(offset), lengthBytes: Number(lengthBytes) };
  return NAME.test(line) ? { partition: line } : undefined;
}

/** What shall be erased; lines of another form are left out, as `regionProblems` names them. */
export function parseRegions(text: string): "all" | readonly EraseRegion[] {
  const lines = fileLines(text);
  if (lines.length === 1 && lines[0]?.text === "all") return "all";
  return lines.flatMap((line) => parseRegion(line.text) ?? []);
}

/** What is wrong with `regions`, a sentence each. */
export function regionProblems(text: string): readonly string[] {
  const lines = fileLines(text);
  if (lines.length === 0) return [`\`regions\` names nothing: it ${regionForm}`];
  const all = lines.length > 1 && lines.some((line) => line.text === "all");
  if (all) return ["`regions` has `all` and more: `all` leaves nothing to add"];
  return lines
    .filter((line) => parseRegion(line.text) === undefined)
    .map((line) => `\`regions\` is ${shown(line.text)} in line ${line.number}: it ${regionForm}`);
}
