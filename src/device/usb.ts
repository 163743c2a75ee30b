import type { ChipDefinition } from "../chips/definition.js";
import type { Transport } from "../transport/transport.js";

/** Espressif's USB vendor id. */
const ESPRESSIF = 0x303a;
/** USB product id of the USB-Serial/JTAG unit of every chip that has one. */
const USB_JTAG_PRODUCT_ID = 0x1001;

/** The board hangs on a USB port of the chip itself, with no bridge between. */
export function isEspressifUsb(transport: Transport): boolean {
  return transport.capabilities.usb?.vendorId === ESPRESSIF;
}

/** The board hangs on the chip's own USB-Serial/JTAG unit. */
export function isUsbJtag(transport: Transport): boolean {
  const { usb } = transport.capabilities;
  return usb?.vendorId === ESPRESSIF && usb.productId === USB_JTAG_PRODUCT_ID;
}

/** The board hangs on the USB-OTG port of the chip's ROM, whose product id is the chip id (esptool `loader.py` `uses_usb_otg` at bb72741). */
export function isUsbOtg(transport: Transport, chip: ChipDefinition): boolean {
  const { usb } = transport.capabilities;
  return chip.usb.otg && usb?.vendorId === ESPRESSIF && usb.productId === chip.imageChipId;
}

/** Largest block over USB-OTG (esptool `targets/esp32s2.py` USB_RAM_BLOCK at bb72741). */
export const OTG_BLOCK_BYTES = 0x800;
