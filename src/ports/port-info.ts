import { bridgeName, macFromSerial } from "./usb-bridges.js";

/** The USB device behind a port. */
export interface UsbInfo {
  readonly vendorId: number;
  readonly productId: number;
  /** Where it is plugged in: bus and hub ports (`1-1.2`) on Linux, the system's own words elsewhere. */
  readonly location?: string;
  /** Configuration and interface (`1.0`), where the system tells: a bridge with two ports has two. */
  readonly interface?: string;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly product?: string;
}

/** A serial port of this machine, as far as one can tell without opening it. */
export interface PortInfo {
  /** The device itself, such as /dev/ttyUSB0 or COM3. */
  readonly path: string;
  /** Links to it below /dev/serial. */
  readonly links: readonly string[];
  readonly usb?: UsbInfo;
  /** Name of the bridge or chip, where its USB ids are known. */
  readonly bridge?: string;
  /** The chip's MAC (lower case, colons), where the USB serial number is sure to be it. */
  readonly macFromUsb?: string;
}

export function portInfo(path: string, links: readonly string[], usb?: UsbInfo): PortInfo {
  if (usb === undefined) return { path, links };
  const bridge = bridgeName(usb.vendorId, usb.productId);
  const macFromUsb = usb.serial === undefined ? undefined : macFromSerial(usb.vendorId, usb.productId, usb.serial);
  return { path, links, usb, ...(bridge && { bridge }), ...(macFromUsb && { macFromUsb }) };
}

/** `303a:1001`, as `lsusb` writes it. */
export function usbIds({ vendorId, productId }: UsbInfo): string {
  return [vendorId, productId].map((id) => id.toString(16).padStart(4, "0")).join(":");
}

/** One line with all that tells this port from another. */
export function describePort(port: PortInfo): string {
  const { usb, bridge, macFromUsb } = port;
  if (usb === undefined) return `${port.path} (no USB device)`;
  const facts = [
    bridge ?? usb.product,
    `usb:${usbIds(usb)}`,
    usb.location && `location:${usb.location}${usb.interface ? `:${usb.interface}` : ""}`,
    macFromUsb ? `mac:${macFromUsb}` : usb.serial && `serial:${usb.serial}`,
  ];
  return `${port.path} (${facts.filter(Boolean).join(", ")})`;
}

/**
 * The name of a port's lock: the USB place, whichever number or mode the board there has at the moment. Ports of one USB
 * device share it: they may lead to one board.
 */
export function lockNameOfPort(port: PortInfo): string {
  return fileName(port.usb?.location ? `usb-${port.usb.location}` : `port-${port.path.replace(/^.*[/\\]/, "")}`);
}

/** The name of a board's lock once its MAC is known; taken besides the port's, and after it. */
export function lockNameOfMac(mac: string): string {
  return `mac-${mac.toLowerCase().replaceAll(":", "")}`;
}

/** The name of the lock of a remote board, such as `tcp://bench:3333`. It holds among the jobs of this machine only. */
export function lockNameOfUrl(url: string): string {
  const { hostname, port } = new URL(url);
  return fileName(`net-${hostname.toLowerCase()}-${port}`);
}

function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, "-");
}
