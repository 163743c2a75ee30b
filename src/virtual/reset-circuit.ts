import type { Clock } from "../base/clock.js";
import type { ControlLines } from "../transport/transport.js";
import type { ResetCause } from "./boot-log.js";
import type { BootMode } from "./boot-mode.js";
import { timing } from "./timing.js";

/**
 * The two transistors between DTR, RTS, EN and IO0 of a development board: RTS alone pulls EN low, DTR alone IO0; both
 * or none leave both high (schematic of ESP32-DevKitC).
 */
export interface ResetCircuit {
  setLines(lines: ControlLines): void;
  /** The supply comes back: EN rises with it. */
  powerOn(): void;
  powerOff(): void;
  /** The chip's own watchdog resets all of it: the straps are sampled again. */
  systemReset(): void;
}

/** `started` tells what IO0 said when EN had risen. `held`: someone holds BOOT. */
export function createResetCircuit(
  clock: Clock,
  io0: "connected" | "held" | "cut",
  chip: { readonly stopped: () => void; readonly started: (mode: BootMode, cause: ResetCause) => void },
): ResetCircuit {
  let lines: ControlLines = { dtr: false, rts: false };
  let powered = false;
  let cancelRise: (() => void) | undefined;

  const enLow = (): boolean => lines.rts && !lines.dtr;
  const sampledMode = (): BootMode => {
    if (io0 === "cut") return "run";
    return io0 === "held" || (lines.dtr && !lines.rts) ? "download" : "run";
  };
  const stop = (): void => {
    cancelRise?.();
    cancelRise = undefined;
    chip.stopped();
  };
  const rise = (cause: "power-on" | "enable"): void => {
    cancelRise?.();
    cancelRise = clock.schedule(timing.enRiseMs, () => {
      cancelRise = undefined;
      chip.started(sampledMode(), cause);
    });
  };

  return {
    setLines(next) {
      const wasLow = enLow();
      lines = next;
      if (!powered || wasLow === enLow()) return;
      if (enLow()) stop();
      else rise("enable");
    },
    powerOn() {
      powered = true;
      if (!enLow()) rise("power-on");
    },
    powerOff() {
      powered = false;
      stop();
    },
    systemReset() {
      stop();
      chip.started(sampledMode(), "rtc-watchdog");
    },
  };
}
