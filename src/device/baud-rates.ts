import type { Transport } from "../transport/transport.js";

/** A rate that long or poor cables still carry; ROMs measure what comes. */
export const LOWEST_BAUD = 57_600;

/** Rates that `auto` goes through, from above. What the ESP32's stub is known to keep up with ends at 2,000,000. */
const AUTO_BAUDS = [2_000_000, 921_600, 460_800, 230_400, 115_200, LOWEST_BAUD] as const;

/** What the slowest of the usual bridges (CP2102) carries. */
const UNKNOWN_BRIDGE_BAUD = 921_600;

interface BridgeRate {
  readonly vendorId: number;
  readonly productId: number;
  /** Highest rate of its data sheet. */
  readonly maxBaud: number;
}

const SILICON_LABS = 0x10c4;
const WCH = 0x1a86;
const FTDI = 0x0403;

/** Bridges by USB id; one that is not here gets `UNKNOWN_BRIDGE_BAUD`. A new one is a row. */
const bridgeRates: readonly BridgeRate[] = [
  // CP2102 (CP2102-9 data sheet, table 12), CP2104 and CP2102N come with the same id: only the slowest is sure.
  { vendorId: SILICON_LABS, productId: 0xea60, maxBaud: 921_600 },
  // CH340DS1 2C: 50 bps to 2 Mbps.
  { vendorId: WCH, productId: 0x7522, maxBaud: 2_000_000 },
  { vendorId: WCH, productId: 0x7523, maxBaud: 2_000_000 },
  // CH343DS1: 50 bps to 6 Mbps.
  { vendorId: WCH, productId: 0x55d3, maxBaud: 6_000_000 },
  // DS_FT232R and DS_FT231X: 183 baud to 3 Mbaud.
  { vendorId: FTDI, productId: 0x6001, maxBaud: 3_000_000 },
  { vendorId: FTDI, productId: 0x6015, maxBaud: 3_000_000 },
];

/** The rates to try on a port, from above: what its bridge is known to carry, and less. */
export function autoBauds({ capabilities }: Pick<Transport, "capabilities">): readonly number[] {
  const { usb } = capabilities;
  const bridge = bridgeRates.find((row) => row.vendorId === usb?.vendorId && row.productId === usb.productId);
  const maxBaud = bridge?.maxBaud ?? UNKNOWN_BRIDGE_BAUD;
  return AUTO_BAUDS.filter((baud) => baud <= maxBaud);
}
