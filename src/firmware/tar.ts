import { archiveError, indexMembers, maxMembers, memberPath } from "./archive.js";
import type { Archive, MemberClaim } from "./archive.js";
import { paxFields } from "./pax.js";

// POSIX.1-1988 ustar: blocks of 512 bytes, a header of one block before each member's content.
const BLOCK_BYTES = 512;
const MAGIC_AT = 257;
const CHECKSUM = { at: 148, lengthBytes: 8 };

interface TarMember extends MemberClaim {
  readonly start: number;
}

/** What a header tells about the member that follows it. */
interface Announced {
  readonly path?: string;
  readonly lengthBytes?: number;
}

export function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK_BYTES && textAt(bytes, MAGIC_AT, 5) === "ustar";
}

/**
 * Reads a whole tar file: ustar, GNU's long names and pax headers. Files and folders only; a link of any kind would
 * let a member stand for another place. Throws `firmware/archive` or `firmware/too-large`.
 */
export function openTar(name: string, bytes: Uint8Array): Archive {
  const files = indexMembers(name, readMembers(name, bytes));
  return {
    name,
    members: [...files.keys()],
    read(path) {
      const member = files.get(path);
      if (member === undefined) return Promise.reject(archiveError(name, `does not hold ${path}`, 0, { path }));
      return Promise.resolve(bytes.subarray(member.start, member.start + member.lengthBytes));
    },
  };
}

function readMembers(name: string, bytes: Uint8Array): TarMember[] {
  const members: TarMember[] = [];
  let announced: Announced = {};
  let headers = 0;
  let at = 0;
  // Two empty blocks end the archive; some writers leave them out.
  while (at + BLOCK_BYTES <= bytes.length && bytes.subarray(at, at + BLOCK_BYTES).some((byte) => byte !== 0)) {
    headers++;
    if (headers > maxMembers) throw archiveError(name, `has more than ${maxMembers} members`, at);
    checkHeader(name, bytes, at);
    const lengthBytes = announced.lengthBytes ?? numberAt(name, bytes, { at: at + 124, lengthBytes: 12 });
    const start = at + BLOCK_BYTES;
    const end = start + lengthBytes;
    if (end > bytes.length) throw archiveError(name, "is cut short in a member", at);

    const type = String.fromCharCode(bytes[at + 156] ?? 0);
    const content = bytes.subarray(start, end);
    if (type === "x") announced = { ...announced, ...paxFields(name, content, start) };
    else if (type === "L") announced = { ...announced, path: textAt(content, 0, content.length) };
    else if (type !== "g") {
      const path = announced.path ?? headerPath(bytes, at);
      announced = {};
      if (type === "5" || (isFileType(type) && path.endsWith("/"))) memberPath(name, { path, claimedAt: at });
      else if (isFileType(type)) members.push({ path, lengthBytes, start, claimedAt: at });
      else
        throw archiveError(
          name,
          `holds ${JSON.stringify(path)}, a link or a device of type ${JSON.stringify(type)}`,
          at,
          { path },
        );
    }
    at = start + Math.ceil(lengthBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return members;
}

/** `0` and, in old archives, a zero byte; `7` asks for a contiguous file, which is a file. */
function isFileType(type: string): boolean {
  return type === "0" || type === "\0" || type === "7";
}

function checkHeader(name: string, bytes: Uint8Array, at: number): void {
  const header = bytes.subarray(at, at + BLOCK_BYTES);
  // The checksum counts its own field as blanks.
  const sum = header.reduce((total, byte, index) => {
    const isOwn = index >= CHECKSUM.at && index < CHECKSUM.at + CHECKSUM.lengthBytes;
    return total + (isOwn ? 0x20 : byte);
  }, 0);
  const expected = numberAt(name, bytes, { at: at + CHECKSUM.at, lengthBytes: CHECKSUM.lengthBytes });
  if (sum !== expected) throw archiveError(name, "has a damaged header", at);
}

/** Octal digits between blanks and zero bytes. Lengths beyond 8 GiB, which are binary, are not for firmware. */
function numberAt(name: string, bytes: Uint8Array, field: { at: number; lengthBytes: number }): number {
  const text = textAt(bytes, field.at, field.lengthBytes).trim();
  if (!/^[0-7]*$/.test(text)) throw archiveError(name, "has a damaged number", field.at);
  return text === "" ? 0 : Number.parseInt(text, 8);
}

/** ustar keeps the front part of a long path in a field of its own; GNU's format has times in its place. */
function headerPath(bytes: Uint8Array, at: number): string {
  const path = textAt(bytes, at, 100);
  const prefix = bytes[at + MAGIC_AT + 5] === 0 ? textAt(bytes, at + 345, 155) : "";
  return prefix === "" ? path : `${prefix}/${path}`;
}

/** Up to the first zero byte. */
function textAt(bytes: Uint8Array, at: number, lengthBytes: number): string {
  const field = bytes.subarray(at, at + lengthBytes);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}
