import type { Clock } from "../base/clock.js";

/** Whether the host sees the board's port. A bridge keeps its own; the chip's own USB port comes and goes with the chip. */
export interface UsbPresence {
  readonly present: boolean;
  /** Takes the port away until `comeBack`, or for `durationMs`. */
  leave(durationMs?: number): void;
  comeBack(afterMs: number): void;
}

/** `lost` is called each time the port goes away. */
export function createUsbPresence(clock: Clock, lost: () => void): UsbPresence {
  let present = true;
  let cancelReturn: (() => void) | undefined;
  const comeBack = (afterMs: number): void => {
    cancelReturn?.();
    cancelReturn = clock.schedule(afterMs, () => {
      cancelReturn = undefined;
      present = true;
    });
  };
  return {
    get present() {
      return present;
    },
    leave(durationMs) {
      cancelReturn?.();
      cancelReturn = undefined;
      if (present) lost();
      present = false;
      if (durationMs !== undefined) comeBack(durationMs);
    },
    comeBack,
  };
}
