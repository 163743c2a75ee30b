// The numbers are from the drivers' own tables: Linux `drivers/usb/serial/` cp210x.c, ch341.c, ftdi_sio_ids.h, pl2303.h; WCH's
// ch343.c (ch343ser_linux) for the CDC ones. A ROM on USB-OTG has its chip id as product id (esptool 5.3.1 `loader.py`).

interface UsbBridge {
  readonly vendorId: number;
  readonly productId: number;
  readonly name: string;
}

const SILICON_LABS = 0x10c4;
const WCH = 0x1a86;
const FTDI = 0x0403;
const PROLIFIC = 0x067b;
const ESPRESSIF = 0x303a;

/** USB devices behind which a board is to be expected. A new one is a row. */
const usbBridges: readonly UsbBridge[] = [
  { vendorId: SILICON_LABS, productId: 0xea60, name: "CP210x" },
  { vendorId: SILICON_LABS, productId: 0xea61, name: "CP210x" },
  { vendorId: SILICON_LABS, productId: 0xea63, name: "CP210x" },
  { vendorId: SILICON_LABS, productId: 0xea70, name: "CP2105" },
  { vendorId: SILICON_LABS, productId: 0xea71, name: "CP2108" },
  { vendorId: WCH, productId: 0x5523, name: "CH341" },
  { vendorId: WCH, productId: 0x7522, name: "CH340K" },
  { vendorId: WCH, productId: 0x7523, name: "CH340" },
  { vendorId: WCH, productId: 0x55d2, name: "CH342" },
  { vendorId: WCH, productId: 0x55d3, name: "CH343" },
  { vendorId: WCH, productId: 0x55d4, name: "CH9102" },
  { vendorId: WCH, productId: 0x55d5, name: "CH344" },
  { vendorId: WCH, productId: 0x55d7, name: "CH9103" },
  { vendorId: WCH, productId: 0x55d8, name: "CH9101" },
  { vendorId: FTDI, productId: 0x6001, name: "FT232R" },
  { vendorId: FTDI, productId: 0x6010, name: "FT2232" },
  { vendorId: FTDI, productId: 0x6011, name: "FT4232H" },
  { vendorId: FTDI, productId: 0x6014, name: "FT232H" },
  { vendorId: FTDI, productId: 0x6015, name: "FT-X" },
  { vendorId: PROLIFIC, productId: 0x2303, name: "PL2303" },
  { vendorId: PROLIFIC, productId: 0x23a3, name: "PL2303GC" },
  { vendorId: PROLIFIC, productId: 0x23b3, name: "PL2303GB" },
  { vendorId: PROLIFIC, productId: 0x23c3, name: "PL2303GT" },
  { vendorId: PROLIFIC, productId: 0x23d3, name: "PL2303GL" },
  { vendorId: PROLIFIC, productId: 0x23e3, name: "PL2303GE" },
  { vendorId: PROLIFIC, productId: 0x23f3, name: "PL2303GS" },
  { vendorId: ESPRESSIF, productId: 0x0002, name: "ESP32-S2 ROM" },
  { vendorId: ESPRESSIF, productId: 0x0009, name: "ESP32-S3 ROM" },
  { vendorId: ESPRESSIF, productId: 0x0012, name: "ESP32-P4 ROM" },
  { vendorId: ESPRESSIF, productId: 0x1001, name: "Espressif USB-Serial/JTAG" },
];

/** What a USB device is called here; any of Espressif's is one, whatever its firmware calls itself. */
export function bridgeName(vendorId: number, productId: number): string | undefined {
  const bridge = usbBridges.find((row) => row.vendorId === vendorId && row.productId === productId);
  return bridge?.name ?? (vendorId === ESPRESSIF ? "Espressif USB" : undefined);
}

/** Whether the chip itself is the USB device, so that its ids depend on what runs on it. */
export function isNative(vendorId: number): boolean {
  return vendorId === ESPRESSIF;
}

/**
 * The MAC that a USB serial number tells. Only the silicon of USB-Serial/JTAG is sure to put the chip's own there; firmware
 * and Espressif's USB bridges (such as 303a:1002) put in what they like.
 */
export function macFromSerial(vendorId: number, productId: number, serial: string): string | undefined {
  if (vendorId !== ESPRESSIF || productId !== 0x1001) return undefined;
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(serial) ? serial.toLowerCase() : undefined;
}
