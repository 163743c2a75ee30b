import { concatBytes, readUint32 } from "../base/bytes.js";
import { opcodes } from "../protocol/opcodes.js";
import { statusCodes } from "../protocol/status-codes.js";
import { SECTOR_BYTES } from "./flash-memory.js";
import type { Machine } from "./machine.js";
import { busy, nextFrame } from "./program.js";
import type { Program } from "./program.js";
import { word } from "./request.js";
import { badLength, spiFailed, stubOk } from "./stub-state.js";
import type { StubHandler } from "./stub-state.js";
import { timing } from "./timing.js";

const MEBIBYTE = 0x100000;
const MAX_PACKET_BYTES = 0x1000;
const ACK_BYTES = 4;

/** Reads in pieces of a sector, as the stub does; `undefined` beyond the flash. */
function readPieces(machine: Machine, offset: number, lengthBytes: number): Uint8Array | undefined {
  if (offset + lengthBytes > machine.bus.limitBytes) return undefined;
  const pieces: Uint8Array[] = [];
  for (let done = 0; done < lengthBytes; done += SECTOR_BYTES) {
    pieces.push(machine.bus.read(offset + done, Math.min(SECTOR_BYTES, lengthBytes - done)));
  }
  return concatBytes(...pieces);
}

const md5: StubHandler = function* (machine, _state, { payload }) {
  if (payload.length !== 16) return badLength;
  yield* machine.bus.ready();
  const bytes = readPieces(machine, word(payload, 0), word(payload, 1));
  if (bytes === undefined) return spiFailed;
  yield* busy((bytes.length / MEBIBYTE) * timing.stubMd5MsPerMebibyte);
  return { ...stubOk, data: machine.md5(bytes) };
};

/** One packet at a time, each waiting for a frame with the number of bytes received; at the end the MD5 of all. */
function* sendFlash(machine: Machine, payload: Uint8Array): Program<number> {
  const [offset, lengthBytes, packetBytes] = [word(payload, 0), word(payload, 1), word(payload, 2)];
  if (packetBytes > MAX_PACKET_BYTES) return statusCodes.stubBadLength;
  const sent: Uint8Array[] = [];
  let sentBytes = 0;
  let acknowledgedBytes = 0;
  while (sentBytes < lengthBytes || acknowledgedBytes < lengthBytes) {
    if (sentBytes < lengthBytes) {
      yield* machine.bus.ready();
      const packet = readPieces(machine, offset + sentBytes, Math.min(packetBytes, lengthBytes - sentBytes));
      if (packet === undefined) return statusCodes.stubSpiFailed;
      machine.send(packet);
      sent.push(packet);
      sentBytes += packet.length;
    }
    const acknowledgement = yield* nextFrame();
    if (acknowledgement.length !== ACK_BYTES) break;
    acknowledgedBytes = readUint32(acknowledgement, 0);
  }
  machine.send(machine.md5(concatBytes(...sent)));
  return 0;
}

const readFlash: StubHandler = (machine, _state, { payload }) => {
  if (payload.length !== 16) return badLength;
  return { ...stubOk, after: () => sendFlash(machine, payload) };
};

export const stubReadHandlers: readonly (readonly [op: number, handler: StubHandler])[] = [
  [opcodes.spiFlashMd5, md5],
  [opcodes.readFlash, readFlash],
];
