import { readUint16, readUint32 } from "../base/bytes.js";

const HEADER_BYTES = 8;
const REPLY = 0x01;

/** A request as the chip reads it, before anyone checked that it makes sense. */
export interface Request {
  readonly direction: number;
  readonly op: number;
  readonly checksum: number;
  /** What the header promises. */
  readonly lengthBytes: number;
  /** What the frame holds behind its header. */
  readonly payload: Uint8Array;
}

/** A frame too short for a header is none. */
export function parseRequest(frame: Uint8Array): Request | undefined {
  if (frame.length < HEADER_BYTES) return undefined;
  return {
    direction: frame[0] ?? 0,
    op: frame[1] ?? 0,
    lengthBytes: readUint16(frame, 2),
    checksum: readUint32(frame, 4),
    payload: frame.subarray(HEADER_BYTES),
  };
}

/** Little-endian 32-bit word number `index` of a payload; 0 where the payload has ended. */
export function word(payload: Uint8Array, index: number): number {
  return payload.length >= index * 4 + 4 ? readUint32(payload, index * 4) : 0;
}

/** Blocks of data follow four words: length, sequence number, 0, 0. */
export const DATA_HEADER_BYTES = 16;

/** XOR over a block, seeded with EF, as data commands carry it. */
export function blockChecksum(block: Uint8Array): number {
  return block.reduce((sum, byte) => sum ^ byte, 0xef);
}

/** A reply, not framed yet: header, data, status and the ROM's two reserved bytes. */
export function encodeReply(op: number, value: number, body: Uint8Array): Uint8Array {
  const reply = new Uint8Array(HEADER_BYTES + body.length);
  const view = new DataView(reply.buffer);
  view.setUint8(0, REPLY);
  view.setUint8(1, op);
  view.setUint16(2, body.length, true);
  view.setUint32(4, value >>> 0, true);
  reply.set(body, HEADER_BYTES);
  return reply;
}
