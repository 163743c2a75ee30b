import { readFile, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { findLinks } from "./links.js";
import type { PortInfo, UsbInfo } from "./port-info.js";
import { portInfo } from "./port-info.js";

/** What serialport's `list()` says of a port. */
export interface ListedPort {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly locationId?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly friendlyName?: string | undefined;
}

/** Lists the ports of this machine as they are now, sorted by path. Opens none. */
export type Discover = () => Promise<readonly PortInfo[]>;

/** How this system's ports are listed. `list` is serialport's, asked only where there is no `/sys`. */
export function discovery(list: () => Promise<readonly ListedPort[]>): Discover {
  return process.platform === "linux" ? () => discoverLinux() : () => discoverListed(list);
}

/**
 * Reads `/sys` and `/dev` of Linux. It needs no udevadm, which slim containers lack, and tells the place of each board,
 * which serialport's own list does not. Where there is no `/sys`, there are no ports. The roots differ in tests only.
 */
export async function discoverLinux(sysRoot = "/sys", devRoot = "/dev"): Promise<readonly PortInfo[]> {
  const folder = path.join(sysRoot, "class", "tty");
  const [names, present] = await Promise.all([readdir(folder).catch(() => []), readdir(devRoot).catch(() => [])]);
  const nodes = new Set<string>(present);
  const links = await findLinks(devRoot);
  const found = await Promise.all(
    names.map(async (name) => {
      const device = await readTty(path.join(folder, name));
      // In a container, /sys shows the host's devices, but /dev has only those that were passed in.
      if (device === undefined || !nodes.has(name)) return undefined;
      const node = path.join(devRoot, name);
      return portInfo(node, links.get(node) ?? [], device.usb);
    }),
  );
  return sortPorts(found.filter((port) => port !== undefined));
}

/** The same from serialport's `list()`, for macOS and Windows. */
export async function discoverListed(list: () => Promise<readonly ListedPort[]>): Promise<readonly PortInfo[]> {
  return sortPorts((await list()).map((port) => portInfo(port.path, [], usbOf(port))));
}

function sortPorts(ports: readonly PortInfo[]): readonly PortInfo[] {
  return [...ports].sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

/** `undefined` for a tty without hardware: a console, a pty, or a UART of a PC that is not built in (type 0). */
async function readTty(folder: string): Promise<{ readonly usb?: UsbInfo } | undefined> {
  const device = await realpath(path.join(folder, "device")).catch(() => undefined);
  if (device === undefined || (await readAttribute(folder, "type")) === "0") return undefined;
  const usb = await readUsb(device);
  return usb ? { usb } : {};
}

/** The tty hangs on an interface of the USB device, or, for `usb-serial` drivers, one level below that. */
async function readUsb(device: string): Promise<UsbInfo | undefined> {
  let place = device;
  for (let level = 0; level < 3; level++, place = path.dirname(place)) {
    const [vendorId, productId] = await Promise.all([readId(place, "idVendor"), readId(place, "idProduct")]);
    if (vendorId === undefined || productId === undefined) continue;
    const location = path.basename(place);
    const [serial, manufacturer, product] = await Promise.all(
      ["serial", "manufacturer", "product"].map((name) => readAttribute(place, name)),
    );
    const usbInterface = path.relative(place, device).split(path.sep)[0]?.split(":")[1];
    const texts = { interface: usbInterface, serial, manufacturer, product };
    return { vendorId, productId, location, ...withoutBlanks(texts) };
  }
  return undefined;
}

function withoutBlanks(
  texts: Readonly<Record<"interface" | "serial" | "manufacturer" | "product", string | undefined>>,
): Pick<UsbInfo, "interface" | "serial" | "manufacturer" | "product"> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text));
}

async function readId(folder: string, name: string): Promise<number | undefined> {
  return parseId(await readAttribute(folder, name));
}

/** A board that is unplugged meanwhile, or an attribute that it lacks, reads as `undefined`. */
async function readAttribute(folder: string, name: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, name), "utf8").catch(() => undefined);
  return text?.trim();
}

function parseId(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9a-f]{4}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}

function usbOf(port: ListedPort): UsbInfo | undefined {
  const [vendorId, productId] = [parseId(port.vendorId), parseId(port.productId)];
  if (vendorId === undefined || productId === undefined) return undefined;
  return {
    vendorId,
    productId,
    ...(port.locationId && { location: port.locationId }),
    ...withoutBlanks({
      interface: undefined,
      serial: port.serialNumber,
      manufacturer: port.manufacturer,
      product: port.friendlyName,
    }),
  };
}
