import { concatBytes, readUint16, readUint32 } from "../base/bytes.js";
import type { Command } from "./command.js";

const REQUEST = 0x00;
const REPLY = 0x01;
/** What comes before the payload of a request or a reply. */
export const HEADER_BYTES = 8;
const STATUS_BYTES = 2;
const CHECKSUM_SEED = 0xef;

/** XOR over the data alone, seeded with EF. */
export function dataChecksum(data: Uint8Array): number {
  let checksum = CHECKSUM_SEED;
  // Counted, as in `slip.ts`.
  let at = 0;
  while (at < data.length) checksum ^= data[at++] ?? 0;
  return checksum;
}

const NO_BLOCK = new Uint8Array(0);

/** Header (00, op, length, checksum; little endian), payload and block, not yet framed. */
export function requestParts({ op, payload, block = NO_BLOCK, checksum }: Command): readonly Uint8Array[] {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint8(0, REQUEST);
  view.setUint8(1, op);
  view.setUint16(2, payload.length + block.length, true);
  view.setUint32(4, checksum, true);
  return [header, payload, block];
}

/** The same in one piece. */
export function encodeRequest(command: Command): Uint8Array {
  return concatBytes(...requestParts(command));
}

/** A reply before anyone asked what its bytes mean. */
export interface Reply {
  readonly op: number;
  readonly value: number;
  readonly body: Uint8Array;
}

/** The reply in a frame, or `undefined` if the frame is none (noise, flash data, a stub's greeting). */
export function decodeReply(frame: Uint8Array): Reply | undefined {
  if (frame.length < HEADER_BYTES + STATUS_BYTES || frame[0] !== REPLY) return undefined;
  const bodyLength = readUint16(frame, 2);
  if (frame.length !== HEADER_BYTES + bodyLength) return undefined;
  return { op: frame[1] ?? 0, value: readUint32(frame, 4), body: frame.subarray(HEADER_BYTES) };
}

/** What the reply says to `command`: its data, and its status (0 is success). */
export interface ReplyContent {
  readonly value: number;
  readonly data: Uint8Array;
  readonly status: number;
}

/**
 * Splits the body at the payload length that the command declares. A failure comes without payload, so its status
 * stands at the front. `undefined`: too short for what was asked.
 */
export function readReply(reply: Reply, replyLength: number): ReplyContent | undefined {
  const { body, value } = reply;
  const statusAt = (offset: number): number => ((body[offset] ?? 0) << 8) | (body[offset + 1] ?? 0);
  const whole = body.length >= replyLength + STATUS_BYTES;
  if (whole && body[replyLength] === 0) return { value, data: body.subarray(0, replyLength), status: 0 };
  if (body.length <= 2 * STATUS_BYTES && body[0] !== 0)
    return { value, data: body.subarray(0, 0), status: statusAt(0) };
  if (whole) return { value, data: body.subarray(0, 0), status: statusAt(replyLength) };
  return undefined;
}
