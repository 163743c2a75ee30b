import type { Clock } from "../base/clock.js";
import type { ControlLines } from "../transport/transport.js";
import type { ResetCause } from "./boot-log.js";
import type { ResetCircuit } from "./reset-circuit.js";
import type { BootMode } from "./boot-mode.js";
import { timing } from "./timing.js";

/** What the chip lets its own USB port do. */
export interface UsbResetChip {
  readonly stopped: () => void;
  readonly started: (mode: BootMode, cause: ResetCause) => void;
  /** The register that sends the next reset into the loader is set. */
  readonly downloadForced: () => boolean;
  /** Loader or stub waits for a command: only then does it see what the host says of RTS on USB-OTG. */
  readonly loaderListens: () => boolean;
  /** The port goes away until `portBack`. */
  readonly portLost: () => void;
  readonly portBack: () => void;
}

/**
 * DTR and RTS of the chip's own USB port are messages, not wires. USB-Serial/JTAG: DTR alone notes "loader", neither
 * forgets it, RTS alone resets the core (ESP32-C3 Technical Reference Manual, "USB Serial/JTAG Controller"). USB-OTG:
 * the loader resets the core itself when RTS falls, and keeps the port alive meanwhile (esp-stub-lib
 * `target/esp32s3/src/usb_otg.c` at b8f78b2). A reset of the core does not look at the straps again: they stay as
 * they were at power-on. `boot`: whether BOOT was held then.
 */
export function createUsbReset(clock: Clock, kind: "jtag" | "otg", boot: BootMode, chip: UsbResetChip): ResetCircuit {
  let lines: ControlLines = { dtr: false, rts: false };
  let strapped = boot;
  let noted = false;
  let cancelRise: (() => void) | undefined;

  const serialJtag = (next: ControlLines): void => {
    if (next.rts && !next.dtr && !(lines.rts && !lines.dtr)) {
      const mode = noted || chip.downloadForced() ? "download" : strapped;
      // A supply that is only just rising does not start the chip a second time.
      cancelRise?.();
      chip.stopped();
      chip.started(mode, "usb");
    } else if (!next.rts) {
      noted = next.dtr;
    }
  };
  const otg = (next: ControlLines): void => {
    if (!lines.rts || next.rts || !chip.loaderListens()) return;
    chip.stopped();
    chip.started(strapped, "software");
  };

  return {
    setLines(next) {
      if (next.dtr === lines.dtr && next.rts === lines.rts) return;
      if (kind === "jtag") serialJtag(next);
      else otg(next);
      lines = next;
    },
    powerOn() {
      strapped = boot;
      chip.portBack();
      cancelRise = clock.schedule(timing.enRiseMs, () => chip.started(strapped, "power-on"));
    },
    powerOff() {
      cancelRise?.();
      cancelRise = undefined;
      chip.portLost();
      chip.stopped();
    },
    systemReset() {
      // By now nobody holds the button.
      strapped = "run";
      chip.stopped();
      chip.portLost();
      chip.portBack();
      chip.started(strapped, "rtc-watchdog");
    },
  };
}
