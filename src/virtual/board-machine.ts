import { createHash } from "node:crypto";
import { cipher } from "./cipher.js";
import type { Faults } from "./faults.js";
import type { Machine, Stage } from "./machine.js";
import { createMemory } from "./memory.js";
import { hang } from "./program.js";
import type { Registers } from "./registers.js";
import { frameForHost } from "./slip-receiver.js";
import type { Uart } from "./uart.js";

/** What a board lends to the chip's programs. */
export interface MachineParts extends Pick<
  Machine,
  "silicon" | "settings" | "bus" | "bootMode" | "scripts" | "bootCounts" | "enter" | "resetsItself" | "leaveUsb"
> {
  readonly registers: Registers;
  readonly uart: Uart;
  readonly faults: Faults;
  /** Real rate over the rate that the ROM believes in. */
  readonly clockRatio: number;
  readonly stage: () => Stage;
  readonly loseLink: () => void;
  readonly brownOut: () => void;
  /** The chip's watchdog resets all of it. */
  readonly systemReset: () => void;
}

/** The chip as its programs reach it, from one start to the next. */
export function createMachine(parts: MachineParts): Machine {
  const { silicon, settings, bus, registers, uart, faults, clockRatio, stage, loseLink, brownOut, systemReset } = parts;
  return {
    silicon,
    settings,
    bus,
    memory: createMemory(silicon, registers),
    bootMode: parts.bootMode,
    scripts: parts.scripts,
    bootCounts: parts.bootCounts,
    enter: (next) => parts.enter(next),
    resetsItself: (cause) => parts.resetsItself(cause),
    leaveUsb: (durationMs) => parts.leaveUsb(durationMs),
    send: (content) => uart.fromChip(frameForHost(content)),
    print: (text) => uart.fromChip(Buffer.from(text, "latin1")),
    setBaud(baud) {
      // The stub and apps measure what the ROM takes for granted.
      const realBaud = stage() === "rom" ? baud * clockRatio : baud;
      uart.setChipBaud(realBaud);
      registers.setBaud(realBaud);
    },
    adoptHostBaud() {
      if (!uart.measuring) return;
      uart.setChipBaud(uart.heardBaud);
      registers.setBaud(uart.heardBaud);
    },
    get measuringBaud() {
      return uart.measuring;
    },
    *commandTaken(loader) {
      switch (faults.commandFate(loader)) {
        case "carried-out":
          break;
        case "link-lost":
          loseLink();
          break;
        case "brownout":
          brownOut();
          yield* hang();
          break;
        case "watchdog":
          systemReset();
          yield* hang();
          break;
        case "hang":
          yield* hang();
      }
    },
    readAtBoot(offset, lengthBytes) {
      const cells = bus.memory.read(offset, lengthBytes);
      return settings.security.has("flash-encryption") ? cipher(offset, cells) : cells;
    },
    md5(bytes) {
      const digest = createHash("md5").update(bytes).digest();
      if (faults.md5Wrong()) digest[0] = (digest[0] ?? 0) ^ 1;
      return digest;
    },
  };
}
