import { opcodes } from "../protocol/opcodes.js";
import { statusCodes } from "../protocol/status-codes.js";
import { busy, hang } from "./program.js";
import { DATA_HEADER_BYTES, word } from "./request.js";
import { stubAt } from "./rom-system-commands.js";
import { encodeSecurityInfo } from "./security.js";
import { badLength, stubOk } from "./stub-state.js";
import type { StubHandler } from "./stub-state.js";

const SYNC_BYTES = 36;
const EXTRA_SYNC_REPLIES = 7;
const WRITE_REGISTER_BYTES = 16;

const sync: StubHandler = (_machine, _state, { payload }) =>
  payload.length === SYNC_BYTES ? { ...stubOk, extraReplies: EXTRA_SYNC_REPLIES } : badLength;

const memoryBegin: StubHandler = (_machine, state, { payload }) => {
  if (payload.length !== 16) return badLength;
  state.ram = { nextAddress: word(payload, 3), remainingBytes: word(payload, 0) };
  return stubOk;
};

/** The stub compares no checksum here, and an address that is no RAM ends in an exception. */
const memoryData: StubHandler = function* ({ memory }, state, { payload }) {
  if (payload.length < DATA_HEADER_BYTES) return { status: statusCodes.stubNotEnoughData };
  if (state.ram === undefined) return { status: statusCodes.stubNotInFlashMode };
  const block = payload.subarray(DATA_HEADER_BYTES);
  if (state.ram.remainingBytes < word(payload, 0) || word(payload, 0) !== block.length) {
    return { status: statusCodes.stubTooMuchData };
  }
  if (!memory.isRam(state.ram.nextAddress, block.length)) yield* hang();
  memory.writeBytes(state.ram.nextAddress, block);
  state.ram.nextAddress += block.length;
  state.ram.remainingBytes -= block.length;
  return stubOk;
};

const memoryEnd: StubHandler = (machine, state, { payload }) => {
  if (payload.length !== 8) return badLength;
  if (state.ram === undefined) return { status: statusCodes.stubNotInFlashMode };
  state.ram = undefined;
  const [stays, entry] = [word(payload, 0) !== 0, word(payload, 1)];
  if (stays) return stubOk;
  return {
    ...stubOk,
    *after() {
      return stubAt(machine, entry) ? "stub" : yield* hang();
    },
  };
};

const readRegister: StubHandler = ({ memory }, _state, { payload }) =>
  payload.length === 4 ? { ...stubOk, value: memory.readWord(word(payload, 0)) } : badLength;

const writeRegister: StubHandler = function* ({ memory }, _state, { payload }) {
  if (payload.length === 0 || payload.length % WRITE_REGISTER_BYTES !== 0) {
    return { status: statusCodes.stubNotEnoughData };
  }
  for (let index = 0; index < payload.length / 4; index += 4) {
    const [address, value, mask] = [word(payload, index), word(payload, index + 1), word(payload, index + 2)];
    yield* busy(word(payload, index + 3) / 1000);
    memory.writeWord(address, (value & mask) | (memory.readWord(address) & ~mask));
  }
  return stubOk;
};

const spiAttach: StubHandler = ({ bus }, _state, { payload }) => {
  if (payload.length !== 4) return badLength;
  bus.attached = true;
  return stubOk;
};

const spiSetParams: StubHandler = ({ bus }, _state, { payload }) => {
  if (payload.length !== 24) return badLength;
  bus.limitBytes = word(payload, 1);
  return stubOk;
};

/** The rate changes after the reply has left. */
const changeBaudrate: StubHandler = (machine, _state, { payload }) => {
  if (payload.length !== 8) return badLength;
  return {
    ...stubOk,
    *after() {
      yield* busy(0);
      machine.setBaud(word(payload, 0));
      return 0;
    },
  };
};

/** Only newer chips have this information; the stub asks the ROM for it. */
const getSecurityInfo: StubHandler = ({ settings, silicon }, _state, { payload }) => {
  if (payload.length !== 0) return badLength;
  const info = silicon.rom.securityInfo;
  if (info === undefined) return { status: statusCodes.stubNotImplemented };
  return { ...stubOk, data: encodeSecurityInfo(info, settings.security) };
};

export const stubSystemHandlers: readonly (readonly [op: number, handler: StubHandler])[] = [
  [opcodes.sync, sync],
  [opcodes.memBegin, memoryBegin],
  [opcodes.memData, memoryData],
  [opcodes.memEnd, memoryEnd],
  [opcodes.readReg, readRegister],
  [opcodes.writeReg, writeRegister],
  [opcodes.spiAttach, spiAttach],
  [opcodes.spiSetParams, spiSetParams],
  [opcodes.changeBaudrate, changeBaudrate],
  [opcodes.getSecurityInfo, getSecurityInfo],
];
