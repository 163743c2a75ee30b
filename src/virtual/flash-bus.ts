import type { Clock } from "../base/clock.js";
import type { FlashMemory } from "./flash-memory.js";
import { BLOCK_BYTES, PAGE_BYTES, SECTOR_BYTES } from "./flash-memory.js";
import { busy } from "./program.js";
import type { Program } from "./program.js";
import { timing } from "./timing.js";
import type { TimingOptions } from "./timing.js";

/** The chip's way to its flash: the same cells, but each operation takes its time and runs beside the processor. */
export interface FlashBus {
  /** The pins are connected; without that the flash hears nothing. */
  attached: boolean;
  /** What the loader takes for the size of the flash. */
  limitBytes: number;
  /** How far the addresses reach that it sends; beyond it they begin anew. */
  reachBytes: number;
  readonly memory: FlashMemory;
  readonly busy: boolean;
  read(offset: number, lengthBytes: number): Uint8Array;
  /** Waits until no erase is running. */
  ready(): Program;
  /** Starts an erase of whole sectors, and does not wait for it. The flash has to be ready. */
  startErase(offset: number, lengthBytes: number): void;
  /** Erases sector by sector, in 64 KiB blocks where they fit, and waits for the end. */
  eraseArea(offset: number, lengthBytes: number): Program;
  /** Programs and waits for the end; `false` if the flash refuses. */
  program(offset: number, bytes: Uint8Array): Program<boolean>;
  /** Completes what time has completed, and cuts short the rest: the chip was reset or lost its power. */
  cut(): void;
}

/** The next piece that one erase command takes: a block where one fits, else a sector. */
export function nextErasePiece(offset: number, remainingBytes: number): number {
  return offset % BLOCK_BYTES === 0 && remainingBytes >= BLOCK_BYTES ? BLOCK_BYTES : SECTOR_BYTES;
}

function eraseDurationMs(lengthBytes: number): number {
  return lengthBytes === SECTOR_BYTES
    ? timing.sectorEraseMs
    : Math.ceil(lengthBytes / BLOCK_BYTES) * timing.blockEraseMs;
}

/** `writeRefused` is asked once for each call of `program`. */
export function createFlashBus(
  memory: FlashMemory,
  clock: Clock,
  options: TimingOptions,
  writeRefused: () => boolean,
): FlashBus {
  let busyUntilMs = -Infinity;
  let programming = false;
  const leftMs = (): number => busyUntilMs - clock.nowMs();

  const sent = (offset: number): number => (bus.reachBytes === Infinity ? offset : offset % bus.reachBytes);

  const bus: FlashBus = {
    attached: false,
    limitBytes: memory.sizeBytes,
    reachBytes: Infinity,
    memory,
    get busy() {
      if (leftMs() > 0) return true;
      memory.finish();
      return false;
    },
    read: (offset, lengthBytes) => memory.read(sent(offset), lengthBytes),
    *ready() {
      while (bus.busy) yield* busy(leftMs() * options.speed);
    },
    startErase(offset, lengthBytes) {
      memory.beginErase(sent(offset), lengthBytes);
      if (options.mode === "modelled") busyUntilMs = clock.nowMs() + eraseDurationMs(lengthBytes) / options.speed;
      else memory.finish();
    },
    *eraseArea(offset, lengthBytes) {
      for (let done = 0; done < lengthBytes;) {
        yield* bus.ready();
        const piece = nextErasePiece(offset + done, lengthBytes - done);
        bus.startErase(offset + done, piece);
        done += piece;
      }
      yield* bus.ready();
    },
    *program(offset, bytes) {
      yield* bus.ready();
      if (writeRefused()) return false;
      for (let done = 0; done < bytes.length;) {
        const at = offset + done;
        const part = bytes.subarray(done, done + SECTOR_BYTES - (at % SECTOR_BYTES));
        memory.beginProgram(sent(at), part);
        const pages = Math.ceil((at + part.length) / PAGE_BYTES) - Math.floor(at / PAGE_BYTES);
        programming = true;
        yield* busy(pages * timing.pageProgramMs);
        programming = false;
        memory.finish();
        done += part.length;
      }
      return true;
    },
    cut() {
      if (programming || bus.busy) memory.interrupt();
      programming = false;
      busyUntilMs = -Infinity;
    },
  };
  return bus;
}
