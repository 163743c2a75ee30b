import { opcodes } from "../protocol/opcodes.js";
import { cipher } from "./cipher.js";
import { SECTOR_BYTES } from "./flash-memory.js";
import { createInflater } from "./inflate.js";
import type { Machine } from "./machine.js";
import { busy } from "./program.js";
import type { Program } from "./program.js";
import { DATA_HEADER_BYTES, word } from "./request.js";
import { refusalOfBlock } from "./rom-blocks.js";
import { romStatus } from "./rom-state.js";
import type { RomHandler, RomOutcome, RomState, RomWrite } from "./rom-state.js";
import { stubAt } from "./rom-system-commands.js";
import { timing } from "./timing.js";

const MEBIBYTE = 0x100000;
/** READ_FLASH_SLOW always answers with a buffer of this size, however few bytes were asked for. */
const SLOW_READ_BYTES = 64;
const SECTORS_PER_BLOCK = 16;
/** Unit in which the flash is enciphered. */
const CIPHER_BYTES = 16;
/** The ROM inflates into a window of this size and writes what is in it. */
const INFLATE_BYTES = 0x8000;

const refused = (status: number): RomOutcome => ({ status });
const ok: RomOutcome = { status: romStatus.ok };

const inFlash = (machine: Machine, offset: number, lengthBytes: number): boolean =>
  machine.bus.attached && offset + lengthBytes <= machine.bus.limitBytes;

/**
 * Erases all of the range before the reply, blank or not. ESP8266's ROM erases the sectors up to the next border of
 * 64 KiB one by one and then forgets to count them off (esptool `targets/esp8266.py` `get_erase_size` at bb72741).
 */
function* eraseAhead(machine: Machine, offset: number, lengthBytes: number): Program<boolean> {
  const named = Math.ceil(lengthBytes / SECTOR_BYTES);
  const head = Math.min(named, SECTORS_PER_BLOCK - (Math.floor(offset / SECTOR_BYTES) % SECTORS_PER_BLOCK));
  const sectors = machine.silicon.rom.erasesHeadTwice ? named + head : named;
  if (offset % SECTOR_BYTES !== 0 || !inFlash(machine, offset, lengthBytes)) return false;
  yield* machine.bus.eraseArea(offset, sectors * SECTOR_BYTES);
  return true;
}

function begin(inflates: boolean): RomHandler {
  return function* (machine, state, { payload }) {
    const { beginBytes, spiAttachBytes } = machine.silicon.rom;
    if (payload.length !== beginBytes) return refused(romStatus.invalid);
    const [lengthBytes, blocks, blockBytes, offset] = [0, 1, 2, 3].map((index) => word(payload, index)) as [
      number,
      number,
      number,
      number,
    ];
    const enciphers = beginBytes === 20 && word(payload, 4) !== 0;
    state.write = undefined;
    if (spiAttachBytes === 0) machine.bus.attached = true;
    if (enciphers && machine.settings.security.has("encrypt-off")) return refused(romStatus.failed);
    if (!(yield* eraseAhead(machine, offset, lengthBytes))) return refused(romStatus.failed);
    state.write = {
      nextSequence: 0,
      nextOffset: offset,
      // What pads the last block is written, too; ESP8266 learns no other size than that of the blocks.
      remainingBytes: inflates ? lengthBytes : Math.max(lengthBytes, blocks * blockBytes),
      blockBytes,
      enciphers,
      inflater: inflates ? createInflater() : undefined,
      window: new Uint8Array(INFLATE_BYTES),
      inflatedBytes: 0,
    };
    return ok;
  };
}

/** Writes before it answers, unlike the stub. */
function* program(machine: Machine, state: RomState, bytes: Uint8Array): Program<RomOutcome> {
  const { write } = state;
  if (write === undefined || bytes.length > write.remainingBytes) return refused(romStatus.failed);
  if (write.enciphers && bytes.length % CIPHER_BYTES !== 0) return refused(romStatus.failed);
  const content = write.enciphers ? cipher(write.nextOffset, bytes) : bytes;
  if (!(yield* machine.bus.program(write.nextOffset, content))) return refused(romStatus.writeFailed);
  write.nextOffset += bytes.length;
  write.remainingBytes -= bytes.length;
  return ok;
}

/** Puts what was inflated into the window; it never holds more than fits. */
function intoWindow(write: RomWrite, output: Uint8Array): void {
  const at = write.inflatedBytes % INFLATE_BYTES;
  const first = output.subarray(0, INFLATE_BYTES - at);
  write.window.set(first, at);
  write.window.set(output.subarray(first.length));
  write.inflatedBytes += output.length;
}

/** The end of the last sector, from the window. */
function* fillSector(machine: Machine, write: RomWrite): Program<RomOutcome> {
  const at = write.inflatedBytes % INFLATE_BYTES;
  const stale = write.window.subarray(at, Math.ceil(at / SECTOR_BYTES) * SECTOR_BYTES);
  const isWritten = yield* machine.bus.program(write.nextOffset, stale);
  return isWritten ? ok : refused(romStatus.writeFailed);
}

function* inflate(machine: Machine, state: RomState, block: Uint8Array): Program<RomOutcome> {
  const { write } = state;
  const inflater = write?.inflater;
  if (write === undefined || inflater === undefined) return refused(romStatus.failed);
  inflater.feed(block);
  while (true) {
    const { output, status } = inflater.read(INFLATE_BYTES);
    if (output.length > write.remainingBytes) return refused(romStatus.inflateFailed);
    intoWindow(write, output);
    const outcome = yield* program(machine, state, output);
    if (outcome.status !== romStatus.ok) return outcome;
    if (status === "failed") return refused(romStatus.inflateFailed);
    if (status === "bad-checksum") return refused(romStatus.inflateChecksum);
    if (status === "done" && machine.silicon.rom.endsWithSector) return yield* fillSector(machine, write);
    if (status !== "output-full") return ok;
  }
}

function data(inflates: boolean): RomHandler {
  return function* (machine, state, request) {
    const { write } = state;
    if (write === undefined || (write.inflater !== undefined) !== inflates) return refused(romStatus.failed);
    const block = request.payload.subarray(DATA_HEADER_BYTES);
    if (block.length > write.blockBytes) return refused(romStatus.invalid);
    const refusal = refusalOfBlock(write, request);
    if (refusal !== undefined) return refused(refusal);
    return inflates ? yield* inflate(machine, state, block) : yield* program(machine, state, block);
  };
}

/** Ends the write and leaves the loader: 0 restarts the chip, anything else boots from the flash. */
const end: RomHandler = (_machine, state, { payload }) => {
  if (payload.length !== 4) return refused(romStatus.invalid);
  if (state.write === undefined) return refused(romStatus.failed);
  state.write = undefined;
  return { ...ok, then: word(payload, 0) === 0 ? "restart" : "run" };
};

const spiAttach: RomHandler = (machine, _state, { payload }) => {
  if (payload.length !== machine.silicon.rom.spiAttachBytes) return refused(romStatus.invalid);
  machine.bus.attached = true;
  return ok;
};

const spiSetParams: RomHandler = (machine, _state, { payload }) => {
  if (payload.length !== 24) return refused(romStatus.invalid);
  machine.bus.limitBytes = word(payload, 1);
  return ok;
};

function* md5(machine: Machine, _state: RomState, { payload }: { readonly payload: Uint8Array }): Program<RomOutcome> {
  if (payload.length !== 16) return refused(romStatus.invalid);
  const [offset, lengthBytes] = [word(payload, 0), word(payload, 1)];
  if (!inFlash(machine, offset, lengthBytes)) return refused(romStatus.readFailed);
  yield* busy((lengthBytes / MEBIBYTE) * timing.romMd5MsPerMebibyte);
  const digest = machine.md5(machine.bus.read(offset, lengthBytes));
  return { ...ok, data: Buffer.from(Buffer.from(digest).toString("hex"), "latin1") };
}

const readSlow: RomHandler = (machine, _state, { payload }) => {
  if (payload.length !== 8) return refused(romStatus.invalid);
  const [offset, lengthBytes] = [word(payload, 0), word(payload, 1)];
  const { readPointer } = machine.silicon;
  if (readPointer !== undefined && stubAt(machine, machine.memory.readWord(readPointer))) {
    return { ...ok, repeats: 0, then: "stub" };
  }
  if (lengthBytes > SLOW_READ_BYTES) return refused(romStatus.readLength);
  if (!inFlash(machine, offset, lengthBytes)) return refused(romStatus.readFailed);
  const data = new Uint8Array(SLOW_READ_BYTES);
  data.set(machine.bus.read(offset, lengthBytes));
  return { ...ok, data };
};

export const romFlashHandlers: readonly (readonly [op: number, handler: RomHandler])[] = [
  [opcodes.flashBegin, begin(false)],
  [opcodes.flashData, data(false)],
  [opcodes.flashEnd, end],
  [opcodes.flashDeflBegin, begin(true)],
  [opcodes.flashDeflData, data(true)],
  [opcodes.flashDeflEnd, end],
  [opcodes.spiAttach, spiAttach],
  [opcodes.spiSetParams, spiSetParams],
  [opcodes.spiFlashMd5, md5],
  [opcodes.readFlashSlow, readSlow],
];
