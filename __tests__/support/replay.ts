import { toHex } from "../../src/base/bytes.js";
import type { BoardBench } from "./board-bench.js";

/** One step of a recorded conversation; bytes are hex, a reset names its mode, `upload` stands for the stub's upload. */
export type ConversationEvent = readonly [what: "host" | "chip" | "reset" | "upload", value: string];

const BAUD_CHANGE = 0x0f;

/** Feeds the host's bytes and the resets; compares every chunk from the chip. Returns how many it compared. */
export async function replay(bench: BoardBench, events: readonly ConversationEvent[]): Promise<number> {
  let newBaud: number | undefined;
  let compared = 0;
  for (const [what, value] of events) {
    const bytes = Buffer.from(what === "host" ? value : "", "hex");
    if (what === "reset") {
      await bench.reset(value === "download" ? "download" : "run");
    } else if (what === "upload") {
      await bench.intoStub();
      bench.heard();
    } else if (what === "host") {
      bench.board.receive(bytes);
      if (bytes[2] === BAUD_CHANGE) newBaud = bytes.readUint32LE(9);
    } else {
      await bench.pass(1);
      expect(toHex(bench.heard())).toBe(value);
      compared++;
      if (newBaud !== undefined) bench.board.setHostBaud(newBaud);
      newBaud = undefined;
    }
  }
  return compared;
}
