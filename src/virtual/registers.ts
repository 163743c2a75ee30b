import type { FlashBus } from "./flash-bus.js";
import type { RegisterFile } from "./memory.js";
import type { Silicon, SiliconSettings } from "./silicon.js";
import { runSpiCommand, SPI_USER_COMMAND } from "./spi-controller.js";

/** What a reset leaves in the registers, and what the board's parts keep in them. */
export interface Registers extends RegisterFile {
  /** What the board, and not a program, puts into a register. */
  preset(address: number, value: number): void;
  /** Rate of the chip's UART, in bits a second. */
  setBaud(baud: number): void;
}

/** Whom a write concerns beyond the register itself. */
export type WriteListener = (address: number, value: number, read: (address: number) => number) => void;

export function createRegisters(
  silicon: Silicon,
  settings: SiliconSettings,
  bus: FlashBus,
  onWrite: WriteListener,
): Registers {
  const values = new Map(silicon.registers(settings));
  const spiCommand = silicon.spi.base;
  const isReadOnly = (address: number): boolean =>
    silicon.readOnlyRanges.some(({ start, end }) => address >= start && address < end);
  const { registerAlias } = silicon;
  const named = (address: number): number =>
    registerAlias !== undefined && address >= registerAlias.start && address < registerAlias.end
      ? address - registerAlias.start + registerAlias.of
      : address;
  const read = (address: number): number => values.get(named(address)) ?? 0;

  return {
    read,
    write(asked, value) {
      const address = named(asked);
      onWrite(address, value, read);
      if (isReadOnly(address)) return;
      if (address !== spiCommand) {
        values.set(address, value);
      } else if ((value & SPI_USER_COMMAND) !== 0) {
        // The command bit clears itself when the transfer is over, so the register always reads 0.
        runSpiCommand(silicon.spi, bus, read, (target, word) => values.set(target, word));
      }
    },
    preset: (address, value) => void values.set(address, value),
    setBaud(baud) {
      const clockHz = settings.crystalMhz * 1e6 * silicon.uartClockFactor;
      // The ROM's measurement comes out one below clock / rate in the recorded conversations.
      values.set(silicon.uartDivider, Math.floor(clockHz / baud) - 1);
    },
  };
}
