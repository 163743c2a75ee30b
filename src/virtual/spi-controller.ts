import type { FlashBus } from "./flash-bus.js";
import type { SpiLayout } from "./spi-layout.js";

// Bits of the SPI controller (ESP32 Technical Reference Manual, "SPI Controller").
export const SPI_USER_COMMAND = 1 << 18;
const USR_ADDRESS = 1 << 30;
const USR_MISO = 1 << 28;
const ADDRESS_OFFSET = 4;
const MAX_DATA_BYTES = 64;

/** GigaDevice, as in the recorded conversations; the third byte is the logarithm of the size. */
const FLASH_VENDOR = 0xc8;
const FLASH_TYPE = 0x40;

/** Flash commands that answer with data. All others are heard and change nothing that a board would notice. */
const READ_ID = 0x9f;
const READ_DATA = 0x03;

function answer(bus: FlashBus, command: number, address: number, lengthBytes: number): Uint8Array {
  const data = new Uint8Array(lengthBytes);
  if (!bus.attached) return data.fill(0xff);
  if (command === READ_ID) {
    data.set([FLASH_VENDOR, FLASH_TYPE, Math.log2(bus.memory.sizeBytes)].slice(0, lengthBytes));
  } else if (command === READ_DATA) {
    data.set(bus.read(address, lengthBytes));
  }
  // SFDP (5A) answers zeros: the recorded part has no such table.
  return data;
}

/** Runs the transfer that the USR registers describe, and leaves the flash's answer in W0 and up. */
export function runSpiCommand(
  spi: SpiLayout,
  bus: FlashBus,
  read: (address: number) => number,
  write: (address: number, value: number) => void,
): void {
  const usr = read(spi.usr);
  if ((usr & USR_MISO) === 0) return;
  const command = read(spi.usr2) & 0xff;
  const usr1 = read(spi.usr1);
  const addressBits = (usr1 >>> 26) + 1;
  const rawAddress = (usr & USR_ADDRESS) === 0 ? 0 : read(spi.base + ADDRESS_OFFSET);
  const address = spi.addressFromTop && addressBits < 32 ? rawAddress >>> (32 - addressBits) : rawAddress;
  const bits = (spi.misoLength === undefined ? (usr1 >>> 8) & 0x1ff : read(spi.misoLength) & 0xffffff) + 1;
  const lengthBytes = Math.min(Math.ceil(bits / 8), MAX_DATA_BYTES);
  const padded = new Uint8Array(Math.ceil(lengthBytes / 4) * 4);
  padded.set(answer(bus, command, address, lengthBytes));
  const view = new DataView(padded.buffer);
  for (let offset = 0; offset < padded.length; offset += 4) {
    write(spi.w0 + offset, view.getUint32(offset, true));
  }
}
