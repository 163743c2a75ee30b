import { deflateRawSync, gzipSync } from "node:zlib";
import { concatBytes } from "../../src/base/bytes.js";
import { crc32 } from "../../src/image/crc32.js";

/** A member as a test wants it; what is left out is as a proper archiver writes it. */
export interface MemberRecipe {
  readonly path: string;
  readonly bytes?: Uint8Array;
  /** zip: 0 stored, 8 deflated, the default. */
  readonly method?: number;
  readonly flags?: number;
  readonly crc32?: number;
  readonly lengthBytes?: number;
  /** zip: another name in the member's own header. */
  readonly localPath?: string;
  /** zip: st_mode. */
  readonly mode?: number;
  /** tar: `0` file, `2` symbolic link, … */
  readonly type?: string;
}

function fields(...values: readonly (readonly [sizeBytes: 2 | 4, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(values.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of values) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value >>> 0, true);
    at += size;
  }
  return bytes;
}

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, "utf8"));

/** A zip file of members in this order. `count` and `comment` change its end record. */
export function makeZip(
  members: readonly MemberRecipe[],
  end: { readonly count?: number; readonly comment?: string } = {},
): Uint8Array {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const member of members) {
    const bytes = member.bytes ?? new Uint8Array(0);
    const method = member.method ?? 8;
    const packed = method === 8 ? new Uint8Array(deflateRawSync(bytes)) : bytes;
    const path = text(member.path);
    const localPath = text(member.localPath ?? member.path);
    const common = [
      [2, 20],
      [2, member.flags ?? 0x0800],
      [2, method],
      [4, 0],
      [4, member.crc32 ?? crc32(bytes)],
      [4, packed.length],
      [4, member.lengthBytes ?? bytes.length],
    ] as const;
    const header = concatBytes(fields([4, 0x04034b50], ...common, [2, localPath.length], [2, 0]), localPath);
    local.push(header, packed);
    central.push(
      fields([4, 0x02014b50], [2, 0x031e], ...common, [2, path.length], [2, 0], [2, 0], [2, 0], [2, 0]),
      fields([4, (member.mode ?? 0o100644) * 0x10000], [4, at]),
      path,
    );
    at += header.length + packed.length;
  }
  const directory = concatBytes(...central);
  const count = end.count ?? members.length;
  const comment = text(end.comment ?? "");
  return concatBytes(
    ...local,
    directory,
    fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, directory.length], [4, at]),
    fields([2, comment.length]),
    comment,
  );
}

const octal = (value: number, lengthBytes: number): string => `${value.toString(8).padStart(lengthBytes - 1, "0")}\0`;

function tarMember(member: MemberRecipe): Uint8Array {
  const bytes = member.bytes ?? new Uint8Array(0);
  const header = new Uint8Array(512);
  header.set(text(member.path).subarray(0, 100), 0);
  header.set(text(octal(0o644, 8)), 100);
  header.set(text(octal(member.lengthBytes ?? bytes.length, 12)), 124);
  header.set(text(" ".repeat(8)), 148);
  header.set(text(member.type ?? "0"), 156);
  header.set(text("ustar\u000000"), 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(text(`${octal(sum, 7)} `), 148);
  return concatBytes(header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512));
}

/** A tar file of members in this order, with its two empty blocks. */
export function makeTar(members: readonly MemberRecipe[]): Uint8Array {
  return concatBytes(...members.map(tarMember), new Uint8Array(1024));
}

export function makeTgz(members: readonly MemberRecipe[]): Uint8Array {
  return new Uint8Array(gzipSync(makeTar(members)));
}

/** The content of a pax header with one record. */
export function paxRecord(key: string, value: string): Uint8Array {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length + 2).length;
  return text(`${length}${rest}`);
}
