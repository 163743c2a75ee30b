import type { Clock } from "../base/clock.js";
import type { WatchdogRegisters } from "./silicon.js";
import { timing } from "./timing.js";

/** Opens the RTC watchdog for writing (ESP-IDF `soc/esp32c3/include/soc/rtc_cntl_reg.h` RTC_CNTL_WDT_WKEY at 1021229). */
const KEY = 0x50d83aa1;
const ENABLED = 2 ** 31;
/** The slow clock counts for it: nominally 136 kHz (ESP-IDF `soc/esp32c3/include/soc/clk_tree_defs.h` at 1021229). */
const SLOW_CLOCK_HZ = 136_000;

/** The watchdogs that outlive a reset of the core: a loader that does not stop them is thrown out by them. */
export interface Watchdogs {
  /** Tells them of a write to any register; `read` gives the other registers' values. */
  written(address: number, value: number, read: (address: number) => number): void;
  /** The core was reset while firmware had them running: nobody feeds them now. */
  leftRunning(): void;
  /** The whole chip was reset. */
  stop(): void;
}

export function createWatchdogs(clock: Clock, registers: WatchdogRegisters | undefined, bite: () => void): Watchdogs {
  let cancelRtc: (() => void) | undefined;
  let cancelSuper: (() => void) | undefined;
  const stopRtc = (): void => {
    cancelRtc?.();
    cancelRtc = undefined;
  };
  const stopSuper = (): void => {
    cancelSuper?.();
    cancelSuper = undefined;
  };

  return {
    written(address, value, read) {
      if (registers === undefined) return;
      if (address === registers.config0 && read(registers.protect) === KEY) {
        stopRtc();
        const delayMs = (read(registers.config1) / SLOW_CLOCK_HZ) * 1000;
        if ((value & ENABLED) !== 0) cancelRtc = clock.schedule(delayMs, bite);
      }
      const opened = read(registers.superProtect) === registers.superKey;
      if (address === registers.superConfig && opened && (value & registers.superAutoFeed) !== 0) stopSuper();
    },
    leftRunning() {
      if (registers === undefined) return;
      stopRtc();
      stopSuper();
      cancelRtc = clock.schedule(timing.rtcWatchdogMs, bite);
      cancelSuper = clock.schedule(timing.superWatchdogMs, bite);
    },
    stop() {
      stopRtc();
      stopSuper();
    },
  };
}
