import type { AddressRange, Silicon } from "./silicon.js";

/** The chip's address space: RAM, and registers. */
export interface Memory {
  readWord(address: number): number;
  writeWord(address: number, value: number): void;
  /** Whether all of the range is RAM. */
  isRam(address: number, lengthBytes: number): boolean;
  readBytes(address: number, lengthBytes: number): Uint8Array;
  /** The range has to be RAM. */
  writeBytes(address: number, bytes: Uint8Array): void;
}

/** Registers as the address space sees them. */
export interface RegisterFile {
  read(address: number): number;
  write(address: number, value: number): void;
}

const contains = (range: AddressRange, address: number, lengthBytes: number): boolean =>
  address >= range.start && address + lengthBytes <= range.end;

export function createMemory(silicon: Silicon, registers: RegisterFile): Memory {
  const banks = silicon.ramRanges.map((range) => ({ range, bytes: new Uint8Array(0) }));

  /** RAM behind an address, and the address within it. Banks are made when they are first used. */
  const locate = (address: number, lengthBytes: number): { bytes: Uint8Array; at: number } | undefined => {
    const bank = banks.find(({ range }) => contains(range, address, lengthBytes));
    if (bank === undefined) return undefined;
    if (bank.bytes.length === 0) bank.bytes = new Uint8Array(bank.range.end - bank.range.start);
    return { bytes: bank.bytes, at: address - bank.range.start };
  };

  return {
    readWord(address) {
      const ram = locate(address, 4);
      return ram === undefined ? registers.read(address) : new DataView(ram.bytes.buffer).getUint32(ram.at, true);
    },
    writeWord(address, value) {
      const ram = locate(address, 4);
      if (ram === undefined) registers.write(address, value >>> 0);
      else new DataView(ram.bytes.buffer).setUint32(ram.at, value >>> 0, true);
    },
    isRam: (address, lengthBytes) => banks.some(({ range }) => contains(range, address, lengthBytes)),
    readBytes(address, lengthBytes) {
      const ram = locate(address, lengthBytes);
      return ram === undefined ? new Uint8Array(0) : ram.bytes.subarray(ram.at, ram.at + lengthBytes);
    },
    writeBytes(address, bytes) {
      const ram = locate(address, bytes.length);
      ram?.bytes.set(bytes, ram.at);
    },
  };
}
