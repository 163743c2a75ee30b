import { alignDown, alignUp } from "../base/bytes.js";
import { opcodes } from "../protocol/opcodes.js";
import { statusCodes } from "../protocol/status-codes.js";
import { nextErasePiece } from "./flash-bus.js";
import { SECTOR_BYTES } from "./flash-memory.js";
import { createInflater } from "./inflate.js";
import { blockChecksum, DATA_HEADER_BYTES, word } from "./request.js";
import { badLength, stubOk } from "./stub-state.js";
import type { StubHandler, StubState } from "./stub-state.js";
import { eraseNext, inflateAndWrite, writeNext } from "./stub-write.js";

function begin(inflates: boolean): StubHandler {
  return function* (machine, state, { payload }) {
    if (payload.length !== 16 && payload.length !== 20) return badLength;
    const [lengthBytes, blocks, blockBytes, offset] = [0, 1, 2, 3].map((index) => word(payload, index)) as [
      number,
      number,
      number,
      number,
    ];
    const eraseStart = alignDown(offset, SECTOR_BYTES);
    state.write = {
      nextOffset: offset,
      remainingBytes: lengthBytes,
      budgetBytes: blocks * blockBytes,
      nextEraseOffset: eraseStart,
      eraseRemainingBytes: alignUp(offset + lengthBytes, SECTOR_BYTES) - eraseStart,
      enciphers: payload.length === 20 && word(payload, 4) !== 0,
      dirtySeen: false,
    };
    if (inflates) state.inflater = createInflater();
    return { status: yield* eraseNext(machine, state.write) };
  };
}

const data: StubHandler = (machine, state, { payload, checksum }) => {
  if (payload.length < DATA_HEADER_BYTES) return { status: statusCodes.stubNotEnoughData };
  const { write } = state;
  if (write === undefined) return { status: statusCodes.stubNotInFlashMode };
  const block = payload.subarray(DATA_HEADER_BYTES);
  if (word(payload, 0) !== block.length) return { status: statusCodes.stubTooMuchData };
  if (blockChecksum(block) !== checksum) return { status: statusCodes.stubBadChecksum };
  // What pads the last block is cut off.
  return { ...stubOk, after: () => writeNext(machine, write, block.subarray(0, write.remainingBytes)) };
};

const deflateData: StubHandler = (machine, state, { payload, checksum }) => {
  if (payload.length < DATA_HEADER_BYTES) return badLength;
  const { write } = state;
  if (write === undefined) return { status: statusCodes.stubNotInFlashMode };
  const lengthBytes = word(payload, 0);
  const block = payload.subarray(DATA_HEADER_BYTES, DATA_HEADER_BYTES + lengthBytes);
  // A length beyond the frame takes whatever lies behind it into the sum, which then does not fit.
  if (block.length !== lengthBytes || blockChecksum(block) !== checksum) {
    return { status: statusCodes.stubBadChecksum };
  }
  return { ...stubOk, after: () => inflateAndWrite(machine, state, write, block, word(payload, 1)) };
};

function ended(state: StubState): void {
  state.write = undefined;
  state.inflater = createInflater();
}

/** Its flag asks for a reboot, which the stub does not do. */
const end: StubHandler = (_machine, state, { payload }) => {
  if (payload.length !== 4) return badLength;
  if (state.write === undefined) return { status: statusCodes.stubNotInFlashMode };
  if (state.write.remainingBytes !== 0) return badLength;
  ended(state);
  return stubOk;
};

const eraseFlash: StubHandler = function* ({ bus }) {
  yield* bus.ready();
  bus.startErase(0, bus.memory.sizeBytes);
  yield* bus.ready();
  return stubOk;
};

/** Erases whether blank or not. */
const eraseRegion: StubHandler = function* ({ bus }, _state, { payload }) {
  if (payload.length !== 8) return badLength;
  const [offset, lengthBytes] = [word(payload, 0), word(payload, 1)];
  if (offset % SECTOR_BYTES !== 0 || lengthBytes % SECTOR_BYTES !== 0) return badLength;
  for (let done = 0; done < lengthBytes;) {
    yield* bus.ready();
    const piece = nextErasePiece(offset + done, lengthBytes - done);
    bus.startErase(offset + done, piece);
    done += piece;
  }
  yield* bus.ready();
  return stubOk;
};

export const stubFlashHandlers: readonly (readonly [op: number, handler: StubHandler])[] = [
  [opcodes.flashBegin, begin(false)],
  [opcodes.flashData, data],
  [opcodes.flashEnd, end],
  [opcodes.flashDeflBegin, begin(true)],
  [opcodes.flashDeflData, deflateData],
  [opcodes.flashDeflEnd, end],
  [opcodes.eraseFlash, eraseFlash],
  [opcodes.eraseRegion, eraseRegion],
];
