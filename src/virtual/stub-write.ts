import { concatBytes, isBlank } from "../base/bytes.js";
import { statusCodes } from "../protocol/status-codes.js";
import { cipher } from "./cipher.js";
import { nextErasePiece } from "./flash-bus.js";
import { SECTOR_BYTES } from "./flash-memory.js";
import type { Machine } from "./machine.js";
import { busy, hang } from "./program.js";
import type { Program } from "./program.js";
import type { StubState, StubWrite } from "./stub-state.js";
import { timing } from "./timing.js";

// Follows esp-flasher-stub `command_handler.c` at fc713a4: lazy erase, double buffering, and what its ends leave open.

const INFLATE_WINDOW_BYTES = 0x8000;

/**
 * Starts the next erase of the range, or steps over a sector that is blank. Does nothing while an erase is running.
 * Returns a status.
 */
export function* eraseNext(machine: Machine, write: StubWrite): Program<number> {
  if (write.eraseRemainingBytes === 0) return 0;
  const { bus } = machine;
  const offset = write.nextEraseOffset;
  if (!write.dirtySeen) {
    yield* bus.ready();
    if (offset + SECTOR_BYTES > bus.limitBytes) return statusCodes.stubSpiFailed;
    if (isBlank(bus.read(offset, SECTOR_BYTES))) {
      write.nextEraseOffset += SECTOR_BYTES;
      write.eraseRemainingBytes -= SECTOR_BYTES;
      return 0;
    }
    write.dirtySeen = true;
  }
  if (bus.busy) return 0;
  const piece = nextErasePiece(offset, write.eraseRemainingBytes);
  bus.startErase(offset, piece);
  write.nextEraseOffset += piece;
  write.eraseRemainingBytes -= piece;
  return 0;
}

/** Writes at the place reached, erasing up to its end first. Returns a status. */
export function* writeNext(machine: Machine, write: StubWrite, bytes: Uint8Array): Program<number> {
  const { bus } = machine;
  const endOffset = write.nextOffset + bytes.length;
  while (write.nextEraseOffset < endOffset) {
    // More data than BEGIN announced: the stub waits for an erase that nobody starts.
    if (write.eraseRemainingBytes === 0) yield* hang();
    yield* bus.ready();
    const status = yield* eraseNext(machine, write);
    if (status !== 0) return status;
  }
  if (bytes.length > 0) {
    if (endOffset > bus.limitBytes) return statusCodes.stubSpiFailed;
    const { security } = machine.settings;
    if (write.enciphers && security.has("encrypt-off")) return statusCodes.stubSpiFailed;
    const content = write.enciphers ? cipher(write.nextOffset, bytes) : bytes;
    if (!(yield* bus.program(write.nextOffset, content))) return statusCodes.stubSpiFailed;
  }
  write.remainingBytes = (write.remainingBytes - bytes.length) >>> 0;
  write.nextOffset = endOffset;
  return 0;
}

/** Inflates a block into the window, and writes the window whenever it is full or the stream has ended. */
export function* inflateAndWrite(
  machine: Machine,
  state: StubState,
  write: StubWrite,
  block: Uint8Array,
  sequence: number,
): Program<number> {
  if (sequence === 0) state.inflated = new Uint8Array(0);
  let parsesHeader = sequence === 0;
  let left = block.length;
  let inflateMs = (block.length / 1024) * timing.stubInflateMsPerKibibyte;
  state.inflater.feed(block);
  while (left > 0) {
    const expectsMore = write.budgetBytes > left;
    const eraseStatus = yield* eraseNext(machine, write);
    if (eraseStatus !== 0) return eraseStatus;
    // Before it is computed: a served board's answer to the block leaves meanwhile, as a chip's does.
    yield* busy(inflateMs);
    inflateMs = 0;
    const { output, status } = state.inflater.read(INFLATE_WINDOW_BYTES - state.inflated.length);
    // Whether the trailer is waited for depends on the flag that the first call of a stream carries.
    const done = status === "done" || status === "bad-checksum" || (status === "needs-trailer" && !parsesHeader);
    const starved = !done && (status === "needs-input" || status === "needs-trailer");
    const unread = starved ? 0 : Math.min(state.inflater.unreadBytes, left);
    write.budgetBytes -= left - unread;
    left = unread;
    parsesHeader = false;
    state.inflated = concatBytes(state.inflated, output);
    if (done || state.inflated.length >= INFLATE_WINDOW_BYTES) {
      const writeStatus = yield* writeNext(machine, write, state.inflated);
      if (writeStatus !== 0) return writeStatus;
      state.inflated = new Uint8Array(0);
    }
    if (done) return 0;
    if (status === "failed" || (starved && !expectsMore)) return statusCodes.stubInflateFailed;
  }
  return 0;
}
