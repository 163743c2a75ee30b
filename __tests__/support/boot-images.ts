import { createHash } from "node:crypto";
import { concatBytes, words } from "../../src/base/bytes.js";
import { silicons } from "../../src/virtual/silicon-table.js";
import { someBytes } from "./board-chips.js";
import type { ChipFacts } from "./board-chips.js";

/** A part of an image, and what looks at it. */
export interface ImagePart {
  readonly from: number;
  readonly to: number;
  readonly covered:
    "magic" | "count" | "chip-id" | "has-digest" | "length" | "address" | "data" | "digest-only" | "checksum";
}

export interface BuiltImage {
  readonly bytes: Uint8Array;
  readonly parts: readonly ImagePart[];
}

const SEGMENT_LENGTHS = [0x60, 0xb4] as const;

/** Where the two segments go: into RAM of that chip, as its ROM knows no other place. */
function segmentsOf(facts: ChipFacts): { address: number; lengthBytes: number }[] {
  const start = silicons[facts.chip].ramRanges[0]?.start ?? 0;
  return SEGMENT_LENGTHS.map((lengthBytes, index) => ({ address: start + 0x400 * (index + 1), lengthBytes }));
}

/** An image of two small segments, put together without the code that is tested; ESP8266's has the short header. */
export function bootImage(facts: ChipFacts, seed: number, minRevision = 0, sizeFreqByte = 0x00): BuiltImage {
  const short = facts.layout === "esp8266";
  const segments = segmentsOf(facts);
  const header = new Uint8Array(short ? 8 : 24);
  const view = new DataView(header.buffer);
  header.set([0xe9, segments.length, 2, sizeFreqByte]);
  view.setUint32(4, segments[1]?.address ?? 0, true);
  if (!short) {
    header[8] = 0xee;
    view.setUint16(12, facts.chipId ?? 0, true);
    view.setUint16(15, minRevision, true);
    view.setUint16(17, 0xffff, true);
    header[23] = 1;
  }
  const parts: ImagePart[] = [
    { from: 0, to: 1, covered: "magic" },
    { from: 1, to: 2, covered: "count" },
    { from: 2, to: 4, covered: "digest-only" },
    { from: 4, to: 8, covered: "address" },
    ...(short
      ? []
      : ([
          { from: 8, to: 12, covered: "digest-only" },
          { from: 12, to: 14, covered: "chip-id" },
          { from: 14, to: 23, covered: "digest-only" },
          { from: 23, to: 24, covered: "has-digest" },
        ] as const)),
  ];
  let body = header;
  let checksum = 0xef;
  segments.forEach(({ address, lengthBytes }, index) => {
    const at = body.length;
    const data = someBytes(lengthBytes, seed + index);
    checksum = data.reduce((sum, byte) => sum ^ byte, checksum);
    body = concatBytes(body, words(address, lengthBytes), data) as Uint8Array<ArrayBuffer>;
    parts.push(
      { from: at, to: at + 4, covered: "address" },
      { from: at + 4, to: at + 8, covered: "length" },
      { from: at + 8, to: body.length, covered: "data" },
    );
  });
  const padded = new Uint8Array(body.length + 16 - (body.length % 16));
  padded.set(body);
  padded[padded.length - 1] = checksum;
  parts.push(
    { from: body.length, to: padded.length - 1, covered: "digest-only" },
    { from: padded.length - 1, to: padded.length, covered: "checksum" },
  );
  if (short) return { bytes: padded, parts };
  const digest = createHash("sha256").update(padded).digest();
  parts.push({ from: padded.length, to: padded.length + 32, covered: "digest-only" });
  return { bytes: concatBytes(padded, digest), parts };
}

/** A partition table's entry; the table ends where the flash is blank. */
export function tableEntry(type: number, subtype: number, offset: number): Uint8Array {
  const entry = new Uint8Array(32);
  entry.set([0xaa, 0x50, type, subtype]);
  entry.set(words(offset, 0x10000), 4);
  return entry;
}

/** An entry of OTA data as ESP-IDF writes it. */
export function otaEntry(sequence: number, crc: number, state = 0xffffffff): Uint8Array {
  const entry = new Uint8Array(32).fill(0xff);
  entry.set(words(sequence), 0);
  entry.set(words(state, crc), 24);
  return entry;
}
