import { concatBytes } from "../../src/base/bytes.js";
import { sleep } from "../../src/base/clock.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { createBoard } from "../../src/virtual/board.js";
import type { Board } from "../../src/virtual/board.js";
import { defaultBoardOptions } from "../../src/virtual/board-options.js";
import type { BoardOptions } from "../../src/virtual/board-options.js";
import { silicons } from "../../src/virtual/silicon-table.js";
import { chips } from "../../src/chips/index.js";
import { words } from "../../src/base/bytes.js";
import { framesIn } from "./traces.js";

/** A virtual board on a virtual clock, spoken to in frames written down here and not taken from the engine. */
export interface BoardBench {
  readonly board: Board;
  readonly clock: VirtualClock;
  /** Lets time pass. */
  pass(durationMs: number): Promise<void>;
  /** All bytes from the chip since the last call. */
  heard(): Uint8Array;
  /** Resets by the lines. */
  reset(mode: "download" | "run"): Promise<void>;
  /** Sends raw bytes, waits, and returns what came. */
  exchange(bytes: Uint8Array, waitMs?: number): Promise<Uint8Array>;
  /** Sends a request and returns the frames that came. */
  request(op: number, payload: Uint8Array, checksum?: number, waitMs?: number): Promise<Uint8Array[]>;
  /** Into the ROM's loader, synchronised. */
  intoRom(): Promise<void>;
  /** Uploads the packaged stub and starts it. */
  intoStub(): Promise<void>;
}

export const SYNC = Buffer.from(`070712 20${"55".repeat(32)}`.replace(" ", ""), "hex");

export function slip(content: Uint8Array): Uint8Array {
  const escaped = Buffer.from(content).toString("latin1").replaceAll("\xdb", "\xdb\xdd").replaceAll("\xc0", "\xdb\xdc");
  return Buffer.from(`\xc0${escaped}\xc0`, "latin1");
}

export function requestFrame(op: number, payload: Uint8Array, checksum = 0): Uint8Array {
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint8(1, op);
  view.setUint16(2, payload.length, true);
  view.setUint32(4, checksum, true);
  return slip(concatBytes(header, payload));
}

/** A data command's payload and its checksum. */
export function dataPayload(block: Uint8Array, sequence: number): { payload: Uint8Array; checksum: number } {
  return {
    payload: concatBytes(words(block.length, sequence, 0, 0), block),
    checksum: block.reduce((sum, byte) => sum ^ byte, 0xef),
  };
}

/** Status of a reply, as one number; the stub's replies end with it, the ROM's with two more bytes. */
export function statusOf(reply: Uint8Array | undefined, loader: "rom" | "stub"): number | undefined {
  if (reply === undefined) return undefined;
  const at = reply.length - (loader === "rom" ? 4 : 2);
  return ((reply[at] ?? 0) << 8) | (reply[at + 1] ?? 0);
}

export function createBench(options: Partial<BoardOptions> = {}): BoardBench {
  const clock = new VirtualClock();
  const chip = options.chip ?? defaultBoardOptions.chip;
  const board = createBoard({ ...defaultBoardOptions, ...options }, clock);
  let chunks: Uint8Array[] = [];
  board.onData((bytes) => chunks.push(bytes));

  const bench: BoardBench = {
    board,
    clock,
    pass: (durationMs) => clock.run(sleep(clock, durationMs)),
    heard() {
      const bytes = concatBytes(...chunks);
      chunks = [];
      return bytes;
    },
    async reset(mode) {
      board.setLines({ dtr: false, rts: true });
      await bench.pass(100);
      board.setLines({ dtr: mode === "download", rts: false });
      await bench.pass(50);
      board.setLines({ dtr: false, rts: false });
    },
    async exchange(bytes, waitMs = 1) {
      bench.heard();
      board.receive(bytes);
      await bench.pass(waitMs);
      return bench.heard();
    },
    async request(op, payload, checksum = 0, waitMs = 1) {
      return framesIn(await bench.exchange(requestFrame(op, payload, checksum), waitMs));
    },
    async intoRom() {
      await bench.reset("download");
      // The last of the boot log may still be on its way.
      await bench.pass(50);
      const replies = await bench.request(0x08, SYNC, 0, 100);
      if (replies.length !== 8) throw new Error(`the ROM answered SYNC ${replies.length} times`);
    },
    async intoStub() {
      const stub = await chips[chip].loadStub?.(options.revision ?? silicons[chip].defaultRevision);
      if (stub === undefined) throw new Error(`there is no stub for ${chip}`);
      for (const { address, bytes } of stub.segments) {
        await bench.request(0x05, words(bytes.length, 1, bytes.length, address), 0, 100);
        const { payload, checksum } = dataPayload(bytes, 0);
        await bench.request(0x07, payload, checksum, 1000);
      }
      const frames = await bench.request(0x06, words(0, stub.entry), 0, 100);
      if (Buffer.from(frames.at(-1) ?? []).toString("latin1") !== "OHAI") throw new Error("the stub did not start");
    },
  };
  return bench;
}
