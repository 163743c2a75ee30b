import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../fuzz/corpus");

/** The targets that have a corpus. */
export const corpusNames: readonly string[] = readdirSync(folder).map((file) => path.basename(file, ".txt"));

/**
 * The inputs kept for a target, one a line: text in JSON's quotes, or bytes in hex. Lines that begin with `#` say what the
 * next ones are about.
 */
export function corpusOf(name: string): readonly Uint8Array[] {
  return readFileSync(path.join(folder, `${name}.txt`), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => (line.startsWith('"') ? Buffer.from(JSON.parse(line) as string) : Buffer.from(line, "hex")));
}
