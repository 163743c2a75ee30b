import { createHash } from "node:crypto";

/** One piece of RAM, known by its digest. */
interface KnownSegment {
  readonly address: number;
  readonly lengthBytes: number;
  readonly sha256: string;
}

/** A flasher stub that the virtual ROM starts: it can only play programs whose behaviour it knows. */
export interface KnownStub {
  readonly entry: number;
  readonly segments: readonly KnownSegment[];
  /** It runs on these chips only, others hang: major · 100 + minor. */
  readonly minRevision?: number;
  readonly maxRevision?: number;
}

/** Espressif's stubs for the ESP32, from `stub_flasher/2/esp32.json`. */
export const esp32Stubs: readonly KnownStub[] = [
  {
    // npm esptool-js 0.7.0; esptool at 4b64d42, "flasher stub to v1.2.2".
    entry: 0x400a902c,
    segments: [
      {
        address: 0x400a8000,
        lengthBytes: 6456,
        sha256: "fc5fb606754d152b9b9e4f20c72fdad83d1d99b1b139744bc53cc160b1edd570",
      },
      {
        address: 0x3ffded6c,
        lengthBytes: 212,
        sha256: "580837cfef9d57b223a4d30cf634dad72f1fdcc19b499ca62b514b487a0c3438",
      },
    ],
  },
  {
    // esptool v5.3.0 and v5.3.1.
    entry: 0x400a9074,
    segments: [
      {
        address: 0x400a8000,
        lengthBytes: 6140,
        sha256: "59c217e201a5910c15a0f202f2852c8ea44b7406bbf227e2cd6e88fd6a2a75af",
      },
      {
        address: 0x3ffded68,
        lengthBytes: 212,
        sha256: "e5f63ff41ce28e7239693d72ba524216fa47ce8af9d584653d58919d078f9f74",
      },
    ],
  },
];

/** Whether RAM holds exactly a known stub that starts at `entry` and runs on a chip of this revision. */
export function holdsStub(
  stubs: readonly KnownStub[],
  entry: number,
  revision: number,
  readBytes: (address: number, lengthBytes: number) => Uint8Array,
): boolean {
  return stubs.some(
    (stub) =>
      stub.entry === entry &&
      revision >= (stub.minRevision ?? 0) &&
      revision <= (stub.maxRevision ?? Infinity) &&
      stub.segments.every(
        ({ address, lengthBytes, sha256 }) =>
          createHash("sha256").update(readBytes(address, lengthBytes)).digest("hex") === sha256,
      ),
  );
}
