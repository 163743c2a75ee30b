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
  /** It changes the UART's clock, and starts at the rate that the ROM has noted and not at the one that the wire has. */
  readonly setsBaud: boolean;
}

/** The first esptool whose stubs do so (esp-flasher-stub `main.c` at fc713a4). */
const CLOCK_BOOST_RELEASE = "bb72741";

function parseRow(row: string): KnownStub {
  const [release, entry = "", segments = "", sha256 = ""] = row.split(" ");
  return {
    entry: Number.parseInt(entry, 16),
    segments: segments.split(",").map((segment) => {
      const [address = "", length = ""] = segment.split("+");
      return { address: Number.parseInt(address, 16), lengthBytes: Number.parseInt(length, 16) };
    }),
    sha256,
    setsBaud: release === CLOCK_BOOST_RELEASE,
  };
}

/** The stubs of one row of `stubDigests`. */
export function knownStubs(chip: keyof typeof stubDigests): readonly KnownStub[] {
  return stubDigests[chip].map(parseRow);
}

/** The known stub that RAM holds exactly, that starts at `entry` and runs on a chip of this revision. */
export function stubInRam(
  stubs: readonly KnownStub[],
  entry: number,
  revision: number,
  readBytes: (address: number, lengthBytes: number) => Uint8Array,
): KnownStub | undefined {
  const holds = ({ segments, sha256 }: KnownStub): boolean => {
    const hash = createHash("sha256");
    for (const { address, lengthBytes } of segments) hash.update(readBytes(address, lengthBytes));
    return hash.digest("hex") === sha256;
  };
  return stubs.find(
    (stub) =>
      stub.entry === entry &&
      revision >= (stub.minRevision ?? 0) &&
      revision <= (stub.maxRevision ?? Infinity) &&
      holds(stub),
  );
}
