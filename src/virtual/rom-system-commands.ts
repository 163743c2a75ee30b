import { opcodes } from "../protocol/opcodes.js";
import { stubInRam } from "./known-stubs.js";
import type { KnownStub } from "./known-stubs.js";
import type { Machine } from "./machine.js";
import { busy } from "./program.js";
import { DATA_HEADER_BYTES, word } from "./request.js";
import { refusalOfBlock } from "./rom-blocks.js";
import { romStatus } from "./rom-state.js";
import type { RomHandler, RomOutcome } from "./rom-state.js";
import { encodeSecurityInfo } from "./security.js";

const SYNC_BYTES = 36;
/** The ROM sends this many replies to a SYNC. */
const SYNC_REPLIES = 8;
const WRITE_REGISTER_BYTES = 16;

const refused = (status: number): RomOutcome => ({ status });
const ok: RomOutcome = { status: romStatus.ok };

const sync: RomHandler = (machine, state, { payload }) => {
  if (payload.length !== SYNC_BYTES) return refused(romStatus.invalid);
  machine.adoptHostBaud();
  state.value = word(payload, 0);
  return { ...ok, repeats: SYNC_REPLIES };
};

const memoryBegin: RomHandler = (machine, state, { payload }) => {
  if (payload.length !== 16) return refused(romStatus.invalid);
  const [lengthBytes, address] = [word(payload, 0), word(payload, 3)];
  state.ram = undefined;
  if (!machine.memory.isRam(address, lengthBytes)) return refused(romStatus.badAddress);
  state.ram = { nextSequence: 0, nextAddress: address, remainingBytes: lengthBytes };
  return ok;
};

const memoryData: RomHandler = (machine, state, request) => {
  const block = request.payload.subarray(DATA_HEADER_BYTES);
  if (state.ram === undefined || block.length > state.ram.remainingBytes) return refused(romStatus.failed);
  const refusal = refusalOfBlock(state.ram, request);
  if (refusal !== undefined) return refused(refusal);
  machine.memory.writeBytes(state.ram.nextAddress, block);
  state.ram.nextAddress += block.length;
  state.ram.remainingBytes -= block.length;
  return ok;
};

/** The known stub that begins at `entry`, which then takes over. */
export function stubAt({ memory, settings, silicon }: Machine, entry: number): KnownStub | undefined {
  return stubInRam(silicon.stubs, entry, settings.revision, (address, length) => memory.readBytes(address, length));
}

/** Jumps to the entry. Where RAM does not hold a program that is known here, the chip is gone until its next reset. */
const memoryEnd: RomHandler = (machine, state, { payload }) => {
  if (payload.length !== 8) return refused(romStatus.invalid);
  state.ram = undefined;
  const [stays, entry] = [word(payload, 0) !== 0, word(payload, 1)];
  if (stays) return ok;
  const stub = machine.silicon.startsStub(machine.settings) ? stubAt(machine, entry) : undefined;
  if (stub === undefined) return { ...ok, then: "hang" };
  const { romUart } = machine.silicon;
  if (!stub.setsBaud || romUart === undefined) return { ...ok, then: "stub" };
  return { ...ok, then: "stub", stubBaud: machine.memory.readWord(romUart.linkBaudAddress) };
};

const getSecurityInfo: RomHandler = ({ settings, silicon }, _state, { payload }) => {
  const info = silicon.rom.securityInfo;
  if (payload.length !== 0 || info === undefined) return refused(romStatus.invalid);
  return { ...ok, data: encodeSecurityInfo(info, settings.security) };
};

const readRegister: RomHandler = (machine, state, { payload }) => {
  if (payload.length !== 4) return refused(romStatus.invalid);
  state.value = machine.memory.readWord(word(payload, 0));
  return ok;
};

const writeRegister: RomHandler = function* (machine, _state, { payload }) {
  if (payload.length === 0 || payload.length % WRITE_REGISTER_BYTES !== 0) return refused(romStatus.invalid);
  for (let index = 0; index < payload.length / 4; index += 4) {
    const [address, value, mask] = [word(payload, index), word(payload, index + 1), word(payload, index + 2)];
    yield* busy(word(payload, index + 3) / 1000);
    machine.memory.writeWord(address, (value & mask) | (machine.memory.readWord(address) & ~mask));
  }
  return ok;
};

const changeBaudrate: RomHandler = ({ silicon, settings, memory }, _state, { payload }) => {
  const asked = word(payload, 0);
  if (payload.length !== 8 || asked === 0) return refused(romStatus.invalid);
  const { revision, crystalMhz } = settings;
  const chip = { read: (address: number) => memory.readWord(address), revision, crystalMhz };
  const baud = silicon.romUart === undefined ? asked : silicon.romUart.baudFor(asked, payload[4] !== 0, chip);
  return baud === undefined ? ok : { ...ok, then: { baud } };
};

export const romSystemHandlers: readonly (readonly [op: number, handler: RomHandler])[] = [
  [opcodes.sync, sync],
  [opcodes.memBegin, memoryBegin],
  [opcodes.memData, memoryData],
  [opcodes.memEnd, memoryEnd],
  [opcodes.readReg, readRegister],
  [opcodes.writeReg, writeRegister],
  [opcodes.changeBaudrate, changeBaudrate],
  [opcodes.getSecurityInfo, getSecurityInfo],
];
