import type { Clock } from "../base/clock.js";
import { toHex } from "../base/bytes.js";
import { opcodeName } from "../protocol/opcodes.js";

/** How many frames an error carries: about what fits a screen. */
const KEPT_FRAMES = 24;
const SHOWN_BYTES = 24;

/** The last frames on the wire, kept for the error that may follow. */
export interface FlightRecorder {
  /** `start` holds its first bytes at least. */
  sent(start: Uint8Array, lengthBytes: number): void;
  received(frame: Uint8Array): void;
  stray(bytes: Uint8Array): void;
  /** One line a frame, oldest first: time in ms, direction, command, length, first bytes. */
  lines(): readonly string[];
}

/** `onLine` gets every line as it comes, for the debug log. */
export function createFlightRecorder(clock: Clock, onLine: (line: string) => void): FlightRecorder {
  const startMs = clock.nowMs();
  const kept: string[] = [];
  const add = (direction: string, label: string, bytes: Uint8Array, lengthBytes = bytes.length): void => {
    const atMs = (clock.nowMs() - startMs).toFixed(1).padStart(9);
    const more = lengthBytes > SHOWN_BYTES ? "…" : "";
    const line = `${atMs} ${direction} ${label} (${lengthBytes}) ${toHex(bytes.subarray(0, SHOWN_BYTES))}${more}`;
    kept.push(line);
    if (kept.length > KEPT_FRAMES) kept.shift();
    onLine(line);
  };
  return {
    sent: (start, lengthBytes) => add(">", opcodeName(start[1] ?? -1), start, lengthBytes),
    received: (frame) => add("<", frame[0] === 1 ? opcodeName(frame[1] ?? -1) : "data", frame),
    stray: (bytes) => add("<", "outside frames", bytes),
    lines: () => [...kept],
  };
}
