import { createHash } from "node:crypto";
import { stubDigests } from "./stub-digests.js";

/** A flasher stub that the virtual ROM starts: it can only play programs whose behaviour it knows. */
export interface KnownStub {
  readonly entry: number;
  /** Pieces of RAM, in the order in which `sha256` covers them. */
  readonly segments: readonly { readonly address: number; readonly lengthBytes: number }[];
  readonly sha256: string;
  /** It runs on these chips only, others hang: major · 100 + minor. */
  readonly minRevision?: number;
  readonly maxRevision?: number;
}

function parseRow(row: string): KnownStub {
  const [, entry = "", segments = "", sha256 = ""] = row.split(" ");
  return {
    entry: Number.parseInt(entry, 16),
    segments: segments.split(",").map((segment) => {
      const [address = "", length = ""] = segment.split("+");
      return { address: Number.parseInt(address, 16), lengthBytes: Number.parseInt(length, 16) };
    }),
    sha256,
  };
}

/** The stubs of one row of `stubDigests`. */
export function knownStubs(chip: keyof typeof stubDigests): readonly KnownStub[] {
  return stubDigests[chip].map(parseRow);
}

/** Whether RAM holds exactly a known stub that starts at `entry` and runs on a chip of this revision. */
export function holdsStub(
  stubs: readonly KnownStub[],
  entry: number,
  revision: number,
  readBytes: (address: number, lengthBytes: number) => Uint8Array,
): boolean {
  const holds = ({ segments, sha256 }: KnownStub): boolean => {
    const hash = createHash("sha256");
    for (const { address, lengthBytes } of segments) hash.update(readBytes(address, lengthBytes));
    return hash.digest("hex") === sha256;
  };
  return stubs.some(
    (stub) =>
      stub.entry === entry &&
      revision >= (stub.minRevision ?? 0) &&
      revision <= (stub.maxRevision ?? Infinity) &&
      holds(stub),
  );
}
