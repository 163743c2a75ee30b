import type { Clock } from "../base/clock.js";
import { BITS_PER_BYTE } from "./timing.js";
import type { TimingOptions } from "./timing.js";

/** One direction of the serial line. Bytes arrive in order, never within the call that sent them. */
export interface Line {
  /** Sends at `baud` bits a second. */
  send(bytes: Uint8Array, baud: number): void;
  /** The sender stops: what it has not sent yet is lost. */
  cut(): void;
  /** Nothing more arrives, and no timer is left. */
  cancel(): void;
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly baud: number;
  readonly sentAtMs: number;
  readonly arrivesAtMs: number;
  readonly followsOn: boolean;
}

/** `latencyMs` passes between the last bit and the arrival. `followsOn`: without a pause behind what came before. */
export function createLine(
  clock: Clock,
  timing: TimingOptions,
  latencyMs: number,
  arrived: (bytes: Uint8Array, baud: number, followsOn: boolean) => void,
): Line {
  let queue: Piece[] = [];
  let busyUntilMs = -Infinity;
  let cancelTimer: (() => void) | undefined;
  let breathing = false;

  const deliverDue = (nowMs: number): void => {
    while (true) {
      const piece = queue[0];
      if (piece === undefined || piece.arrivesAtMs > nowMs) return;
      queue.shift();
      arrived(piece.bytes, piece.baud, piece.followsOn);
    }
  };

  const wait = (): void => {
    const next = queue[0];
    if (next === undefined) return;
    if (timing.mode === "none") {
      if (breathing) return;
      breathing = true;
      void clock.breathe().then(() => {
        breathing = false;
        deliverDue(Infinity);
        wait();
      });
    } else {
      cancelTimer ??= clock.schedule(Math.max(0, next.arrivesAtMs - clock.nowMs()), () => {
        cancelTimer = undefined;
        deliverDue(clock.nowMs());
        wait();
      });
    }
  };

  return {
    send(bytes, baud) {
      if (bytes.length === 0) return;
      const durationMs = (bytes.length * BITS_PER_BYTE * 1000) / baud / timing.speed;
      const nowMs = clock.nowMs();
      const followsOn = timing.mode === "modelled" && busyUntilMs > nowMs;
      busyUntilMs = Math.max(nowMs, busyUntilMs) + durationMs;
      queue.push({
        bytes,
        baud,
        sentAtMs: busyUntilMs,
        arrivesAtMs: busyUntilMs + latencyMs / timing.speed,
        followsOn,
      });
      wait();
    },
    cut() {
      busyUntilMs = -Infinity;
      if (timing.mode === "none") return;
      const nowMs = clock.nowMs();
      queue = queue.filter((piece) => piece.sentAtMs <= nowMs);
    },
    cancel() {
      cancelTimer?.();
      cancelTimer = undefined;
      queue = [];
      busyUntilMs = -Infinity;
    },
  };
}
