/** Registers of an SPI controller that runs flash commands, as addresses. */
export interface SpiLayout {
  readonly base: number;
  readonly usr: number;
  readonly usr1: number;
  readonly usr2: number;
  /** Length of what is read, less one; without it, bits 8 to 16 of USR1. */
  readonly misoLength?: number;
  readonly w0: number;
  /** Whether a short address stands in the upper bits of the address register. */
  readonly addressFromTop: boolean;
}

/** As far as addresses of 24 bits reach. */
export const SHORT_ADDRESSES_BYTES = 0x1000000;

// Offsets: ESP-IDF `soc/esp32/register/soc/spi_reg.h`, `soc/esp32c3/register/soc/spi_mem_reg.h` at 1021229; ESP8266:
// esptool `targets/esp8266.py` at bb72741, its lengths by `loader.py` `run_spiflash_command`.

export function esp8266Spi(base: number): SpiLayout {
  return { base, usr: base + 0x1c, usr1: base + 0x20, usr2: base + 0x24, w0: base + 0x40, addressFromTop: true };
}

export function esp32Spi(base: number): SpiLayout {
  return { ...esp8266Spi(base), misoLength: base + 0x2c, w0: base + 0x80 };
}

/** All chips from the ESP32-S2 on. */
export function newerSpi(base: number): SpiLayout {
  return {
    base,
    usr: base + 0x18,
    usr1: base + 0x1c,
    usr2: base + 0x20,
    misoLength: base + 0x28,
    w0: base + 0x58,
    addressFromTop: false,
  };
}
