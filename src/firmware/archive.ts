import { hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { tooLarge } from "./check.js";
import { maxFirmwareBytes } from "./limits.js";

/** The files of an archive; folders are left out. */
export interface Archive {
  readonly name: string;
  /** Safe relative paths with `/` between their parts. */
  readonly members: readonly string[];
  /** Throws `firmware/archive` for a damaged member. `path` is one of `members`. */
  read(path: string): Promise<Uint8Array>;
}

/** A file that an archive announces; its name as it stands there. */
export interface MemberClaim {
  readonly path: string;
  readonly lengthBytes: number;
  /** Where in the archive that stands. */
  readonly claimedAt: number;
}

/** A firmware release has dozens of files; what has more is something else, or made to hurt. */
export const maxMembers = 10_000;

/** `offset` is the place in the archive where it is wrong. */
export function archiveError(
  archive: string,
  what: string,
  offset: number,
  details: Readonly<Record<string, string | number>> = {},
): FlashError {
  return new FlashError("firmware/archive", `${archive} ${what} (at byte ${hex32(offset)})`, {
    archive,
    offset: hex32(offset),
    ...details,
  });
}

/**
 * The path of a member without `./`. Throws `firmware/archive` for one that could lead outside of the archive on some
 * system: absolute, with a drive, with `..`, with a backslash, or with control characters.
 */
export function memberPath(archive: string, { path, claimedAt }: Pick<MemberClaim, "path" | "claimedAt">): string {
  const parts = path.split("/").filter((part) => part !== "." && part !== "");
  const isUnsafe = path.startsWith("/") || /^[a-z]:/i.test(path) || /[\\\p{Cc}]/u.test(path) || parts.includes("..");
  if (isUnsafe) {
    throw archiveError(archive, `holds a member with the unsafe path ${JSON.stringify(path)}`, claimedAt, { path });
  }
  return parts.join("/");
}

/**
 * Members by their paths. Throws `firmware/archive` where two have one path, and `firmware/too-large` where all
 * together have more bytes than any flash.
 */
export function indexMembers<Member extends MemberClaim>(
  archive: string,
  members: readonly Member[],
): ReadonlyMap<string, Member> {
  const index = new Map<string, Member>();
  let totalBytes = 0;
  for (const member of members) {
    const { claimedAt } = member;
    const path = memberPath(archive, member);
    if (index.has(path)) {
      throw archiveError(archive, `holds two members with the path ${JSON.stringify(path)}`, claimedAt, { path });
    }
    totalBytes += member.lengthBytes;
    if (totalBytes > maxFirmwareBytes) {
      const what = `the content of ${archive} up to the member at byte ${hex32(claimedAt)}`;
      throw tooLarge(what, totalBytes, { offset: hex32(claimedAt) });
    }
    index.set(path, member);
  }
  return index;
}
