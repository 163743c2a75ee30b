import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import type { FlashAccess } from "../../src/device/flash-access.js";

/** A flash in memory with the rules of NOR: an erase sets whole sectors to FF, programming only clears bits. */
export interface MemoryFlash extends FlashAccess {
  readonly bytes: Uint8Array;
  /** Sectors that were erased, by offset. */
  readonly erasedSectors: number[];
}

const SECTOR_BYTES = 0x1000;

export function createMemoryFlash(bytes: Uint8Array): MemoryFlash {
  const erasedSectors: number[] = [];
  const erase = (offset: number, lengthBytes: number): void => {
    if (offset % SECTOR_BYTES !== 0 || lengthBytes % SECTOR_BYTES !== 0) throw new Error("erase off the sectors");
    for (let at = offset; at < offset + lengthBytes; at += SECTOR_BYTES) erasedSectors.push(at);
    bytes.fill(0xff, offset, offset + lengthBytes);
  };
  return {
    bytes,
    erasedSectors,
    blockBytes: 0x4000,
    verifies: true,
    inflates: true,
    erasesAhead: true,
    erasesBeside: true,
    reads: true,
    md5: (offset, lengthBytes) =>
      Promise.resolve(
        createHash("md5")
          .update(bytes.subarray(offset, offset + lengthBytes))
          .digest("hex"),
      ),
    erase: (offset, lengthBytes) => {
      erase(offset, lengthBytes);
      return Promise.resolve();
    },
    write: (stream, beforeBlock) => {
      const sent = Buffer.concat(stream.blocks.map((block) => block.bytes));
      const data = stream.encoding === "deflate" ? inflateSync(sent) : sent.subarray(0, stream.lengthBytes);
      if (data.length !== stream.lengthBytes) throw new Error("another length than was begun");
      const end = stream.offset + stream.lengthBytes;
      if (stream.beside !== undefined) {
        const firstSector = bytes.subarray(
          stream.offset,
          stream.offset - (stream.offset % SECTOR_BYTES) + SECTOR_BYTES,
        );
        if (firstSector.some((byte) => byte !== 0xff)) throw new Error("BEGIN would erase sector by sector");
        erase(stream.beside.offset, stream.beside.lengthBytes);
      }
      for (let at = stream.offset - (stream.offset % SECTOR_BYTES); at < end; at += SECTOR_BYTES) {
        if (bytes.subarray(at, at + SECTOR_BYTES).some((byte) => byte !== 0xff)) erase(at, SECTOR_BYTES);
      }
      let doneBytes = 0;
      for (const block of stream.blocks) {
        beforeBlock(doneBytes, block.flashBytes);
        doneBytes += block.flashBytes;
      }
      // As the stub: what BEGIN names behind the stream is erased as far as the windows surely lead, then the rest.
      if (stream.ahead !== undefined) {
        const { endOffset, thenErase } = stream.ahead;
        const from = Math.ceil(end / SECTOR_BYTES) * SECTOR_BYTES;
        erase(from, endOffset - from);
        erase(thenErase.offset, thenErase.lengthBytes);
      }
      data.forEach((byte, index) => {
        bytes[stream.offset + index] = (bytes[stream.offset + index] ?? 0) & byte;
      });
      return Promise.resolve();
    },
    read: (offset, lengthBytes) => Promise.resolve(bytes.slice(offset, offset + lengthBytes)),
  };
}
