import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { readNote } from "../files/plain-file.js";
import { systemCodeOf } from "./system-code.js";

/** What a URL delivered last, and how the server can tell whether it still does. */
export type UrlRecord = v.InferOutput<typeof urlRecordSchema>;

const urlRecordSchema = v.object({
  /** It becomes a part of a path. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  validator: v.object({
    header: v.picklist(["etag", "last-modified"]),
    /** It becomes a header. */
    value: v.pipe(v.string(), v.regex(/^[\t -~\x80-\xff]+$/)),
    finalUrl: v.string(),
  }),
});

/** Where all records lie, one file each. */
export function recordsFolder(folder: string): string {
  return join(folder, "urls");
}

/** Undefined if there is none, or none that can be read: the file is then fetched once more and noted anew. */
export function readUrlRecord(folder: string, url: URL): UrlRecord | undefined {
  let text: string;
  try {
    text = readNote(recordPath(folder, url));
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), urlRecordSchema), text);
  return result.success ? result.output : undefined;
}

/** Readers see the old record or the new one, never a part of it. */
export async function writeUrlRecord(folder: string, url: URL, record: UrlRecord): Promise<void> {
  const path = recordPath(folder, url);
  const half = `${path}.${randomUUID()}`;
  await mkdir(recordsFolder(folder), { recursive: true });
  try {
    await writeFile(half, JSON.stringify(record));
    await rename(half, path);
  } finally {
    await rm(half, { force: true });
  }
}

/** Credentials and query count, for they may choose the file; only their digest is kept. */
function recordPath(folder: string, url: URL): string {
  return join(recordsFolder(folder), `${createHash("sha256").update(url.href).digest("hex")}.json`);
}
