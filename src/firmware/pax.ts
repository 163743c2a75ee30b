import { archiveError } from "./archive.js";

/** Far more than a path and a length need. */
const maxHeaderBytes = 64 * 1024;

/**
 * What a pax header says about the next member: records of `<length> <key>=<value>\n`, where the length counts the
 * whole record (POSIX.1-2001, pax). `headerAt` is its place in the archive. Throws `firmware/archive`.
 */
export function paxFields(
  archive: string,
  header: Uint8Array,
  headerAt: number,
): { path?: string; lengthBytes?: number } {
  if (header.length > maxHeaderBytes)
    throw archiveError(archive, `has a pax header of ${header.length} bytes`, headerAt);
  const fields: { path?: string; lengthBytes?: number } = {};
  let at = 0;
  while (at < header.length) {
    const lengthText = /^\d+(?= )/.exec(latin1(header.subarray(at, at + 8)))?.[0] ?? "0";
    const record = header.subarray(at + lengthText.length + 1, at + Number(lengthText));
    const [, key, value] = /^([^=]+)=([^]*)\n$/.exec(Buffer.from(record).toString("utf8")) ?? [];
    if (key === undefined || value === undefined || at + Number(lengthText) > header.length) {
      throw archiveError(archive, "has a broken pax header", headerAt + at);
    }
    if (key === "path") fields.path = value;
    if (key === "size") {
      if (!/^\d{1,15}$/.test(value)) throw archiveError(archive, "has a broken length in a pax header", headerAt + at);
      fields.lengthBytes = Number(value);
    }
    // GNU tar tells a file with holes so, and keeps its content in another form.
    if (key.startsWith("GNU.sparse.")) throw archiveError(archive, "holds a sparse file", headerAt + at);
    at += Number(lengthText);
  }
  return fields;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
