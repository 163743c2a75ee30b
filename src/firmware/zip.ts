import { readUint16, readUint32 } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { archiveError, indexMembers, maxMembers, memberPath } from "./archive.js";
import type { Archive, MemberClaim } from "./archive.js";
import { crc32Of } from "./digest.js";
import { inflateMember } from "./inflate.js";

// PKWARE APPNOTE.TXT 6.3.10, 4.3: signatures and lengths of the three records without their variable fields.
const LOCAL_HEADER = { signature: 0x04034b50, lengthBytes: 30 };
const CENTRAL_HEADER = { signature: 0x02014b50, lengthBytes: 46 };
const END_RECORD = { signature: 0x06054b50, lengthBytes: 22 };
const MAX_COMMENT_BYTES = 0xffff;

// APPNOTE 4.4.4: general purpose bits. 4.4.5: methods.
const FLAG_ENCRYPTED = 0x0001;
const FLAG_UTF8 = 0x0800;
const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;

// APPNOTE 4.4.2: host system 3 keeps st_mode in the upper half of the external attributes (4.4.15).
const HOST_UNIX = 3;
const S_IFMT = 0xf000;
const PLAIN_TYPES = [0, 0x8000, 0x4000];

interface ZipMember extends MemberClaim {
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly headerAt: number;
}

export function isZip(bytes: Uint8Array): boolean {
  if (bytes.length < END_RECORD.lengthBytes) return false;
  const signature = readUint32(bytes, 0);
  return signature === LOCAL_HEADER.signature || signature === END_RECORD.signature;
}

/**
 * Reads the directory of a zip file; members are inflated only when they are read, and never beyond the length that
 * the directory gives. Throws `firmware/archive` or `firmware/too-large`.
 */
export function openZip(name: string, bytes: Uint8Array, clock: Clock): Archive {
  const files = indexMembers(name, readDirectory(name, bytes));
  return {
    name,
    members: [...files.keys()],
    async read(path) {
      const member = files.get(path);
      if (member === undefined) throw archiveError(name, `does not hold ${path}`, 0, { path });
      return await readMember(name, bytes, member, clock);
    },
  };
}

function findEndRecord(name: string, bytes: Uint8Array): number {
  const last = bytes.length - END_RECORD.lengthBytes;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    // The comment has to reach the end of the file exactly, or its bytes could play the record.
    if (readUint32(bytes, at) === END_RECORD.signature && at + readUint16(bytes, at + 20) === last) return at;
  }
  throw archiveError(name, "has no zip directory at its end: it is cut short", bytes.length);
}

function readDirectory(name: string, bytes: Uint8Array): ZipMember[] {
  const end = findEndRecord(name, bytes);
  const disks = readUint32(bytes, end + 4);
  const count = readUint16(bytes, end + 10);
  const lengthBytes = readUint32(bytes, end + 12);
  const start = readUint32(bytes, end + 16);
  if (count === 0xffff || lengthBytes === 0xffffffff || start === 0xffffffff) {
    throw archiveError(name, "is a zip64 file, which is for archives above 4 GiB", end);
  }
  if (disks !== 0 || readUint16(bytes, end + 8) !== count) {
    throw archiveError(name, "is one disk of a split zip file", end);
  }
  if (count > maxMembers) throw archiveError(name, `has ${count} members; at most ${maxMembers} are read`, end);
  if (start + lengthBytes !== end) throw archiveError(name, "has a zip directory that is not where its end says", end);

  const members: ZipMember[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_HEADER.lengthBytes > end || readUint32(bytes, at) !== CENTRAL_HEADER.signature) {
      throw archiveError(name, "has a broken zip directory", at);
    }
    const nameEnd = at + CENTRAL_HEADER.lengthBytes + readUint16(bytes, at + 28);
    const next = nameEnd + readUint16(bytes, at + 30) + readUint16(bytes, at + 32);
    if (next > end) throw archiveError(name, "has a broken zip directory", at);
    const member = readDirectoryEntry(bytes, at, bytes.subarray(at + CENTRAL_HEADER.lengthBytes, nameEnd));
    const type = typeOf(bytes, at);
    if (!PLAIN_TYPES.includes(type)) {
      throw archiveError(name, `holds ${JSON.stringify(member.path)}, a link or a device`, at, { path: member.path });
    }
    if (member.path.endsWith("/")) memberPath(name, member);
    else members.push(member);
    at = next;
  }
  if (at !== end) throw archiveError(name, "has other bytes in its zip directory", at);
  return members;
}

function readDirectoryEntry(bytes: Uint8Array, at: number, rawName: Uint8Array): ZipMember {
  const flags = readUint16(bytes, at + 8);
  return {
    path: decodeName(rawName, flags),
    flags,
    method: readUint16(bytes, at + 10),
    crc32: readUint32(bytes, at + 16),
    packedBytes: readUint32(bytes, at + 20),
    lengthBytes: readUint32(bytes, at + 24),
    headerAt: readUint32(bytes, at + 42),
    claimedAt: at,
  };
}

/** Without the flag the name is in some code page; its ASCII part, which build files have, is the same in all. */
function decodeName(raw: Uint8Array, flags: number): string {
  return Buffer.from(raw).toString((flags & FLAG_UTF8) === 0 ? "latin1" : "utf8");
}

function typeOf(bytes: Uint8Array, at: number): number {
  return readUint16(bytes, at + 4) >>> 8 === HOST_UNIX ? readUint16(bytes, at + 40) & S_IFMT : 0;
}

async function readMember(name: string, bytes: Uint8Array, member: ZipMember, clock: Clock): Promise<Uint8Array> {
  const { path, lengthBytes } = member;
  const packed = packedBytesOf(name, bytes, member);
  const content = await unpack(name, packed, member);
  if (content.length !== lengthBytes || (await crc32Of(content, clock)) !== member.crc32) {
    throw archiveError(name, `holds ${path} damaged: length or CRC-32 do not fit`, member.headerAt, { path });
  }
  return content;
}

function packedBytesOf(name: string, bytes: Uint8Array, member: ZipMember): Uint8Array {
  const { path, headerAt } = member;
  const nameAt = headerAt + LOCAL_HEADER.lengthBytes;
  if (nameAt > bytes.length || readUint32(bytes, headerAt) !== LOCAL_HEADER.signature) {
    throw archiveError(name, `has no header for ${path}`, headerAt, { path });
  }
  const nameEnd = nameAt + readUint16(bytes, headerAt + 26);
  const localName = decodeName(bytes.subarray(nameAt, nameEnd), member.flags);
  const start = nameEnd + readUint16(bytes, headerAt + 28);
  if (localName !== member.path || start + member.packedBytes > bytes.length) {
    throw archiveError(name, `has a header for ${path} that contradicts its directory`, headerAt, { path });
  }
  return bytes.subarray(start, start + member.packedBytes);
}

async function unpack(name: string, packed: Uint8Array, member: ZipMember): Promise<Uint8Array> {
  const { path, method, lengthBytes, headerAt } = member;
  if ((member.flags & FLAG_ENCRYPTED) !== 0) throw archiveError(name, `holds ${path} encrypted`, headerAt, { path });
  if (method === METHOD_STORED) return packed;
  if (method !== METHOD_DEFLATED) {
    throw archiveError(name, `holds ${path} packed by method ${method}; stored and deflated are read`, headerAt, {
      path,
    });
  }
  const inflated = await inflateMember(packed, lengthBytes);
  if (inflated.kind === "done") return inflated.bytes;
  const what = inflated.kind === "too-long" ? "is longer than its directory says" : "cannot be inflated";
  throw archiveError(name, `holds ${path}, which ${what}`, headerAt, { path });
}
