import { readdir } from "node:fs/promises";
import path from "node:path";
import { FlashError } from "../base/errors.js";
import type { KnownBoard } from "./known-boards.js";
import { rememberedPorts } from "./known-boards.js";
import { followLinks } from "./links.js";
import type { PortInfo } from "./port-info.js";
import { describePort } from "./port-info.js";
import type { PortSelector } from "./selector.js";

/** What a selector leads to. */
export type Selection =
  /** One port. By `memory`, the board there may have been swapped: its MAC has to be checked. */
  | { readonly kind: "port"; readonly port: PortInfo; readonly by: "system" | "memory" }
  /** A board with this MAC could be at any of these; only asking the boards tells, each under its lock. */
  | { readonly kind: "candidates"; readonly mac: string; readonly ports: readonly PortInfo[] };

/**
 * Finds the one port that `selector` means among `ports`, and opens none. `known` are the boards noted by earlier jobs.
 * Throws `port/not-found` with what is there, or `port/ambiguous` with what tells the fitting ones apart.
 */
export async function selectPort(
  selector: PortSelector,
  ports: readonly PortInfo[],
  known: readonly KnownBoard[] = [],
): Promise<Selection> {
  if (selector.kind === "mac") return selectByMac(selector.mac, ports, known);
  const found = await matches(selector, ports);
  return { kind: "port", port: exactlyOne(found, describeSelector(selector), ports), by: "system" };
}

/** Finds all ports that `selector` fits, by path, and opens none. Throws `port/not-found` where there is none. */
export async function selectAll(
  selector: Exclude<PortSelector, { kind: "mac" }>,
  ports: readonly PortInfo[],
): Promise<readonly PortInfo[]> {
  const found = await matches(selector, ports);
  if (found.length === 0) throw notFound(describeSelector(selector), ports);
  return found;
}

function matches(
  selector: Exclude<PortSelector, { kind: "mac" }>,
  ports: readonly PortInfo[],
): Promise<readonly PortInfo[]> {
  const filter = (fits: (port: PortInfo) => boolean): Promise<readonly PortInfo[]> =>
    Promise.resolve(ports.filter(fits));
  switch (selector.kind) {
    case "path":
      return portsAt([selector.path], ports);
    case "glob":
      return portsLike(selector.folder, selector.pattern, ports);
    case "usb":
      return filter(({ usb }) => usb?.vendorId === selector.vendorId && usb.productId === selector.productId);
    case "serial":
      return filter(({ usb }) => usb?.serial?.toLowerCase() === selector.serial.toLowerCase());
    case "location":
      return filter(
        ({ usb }) =>
          usb?.location?.toLowerCase() === selector.location.toLowerCase() &&
          (selector.interface === undefined || usb.interface === selector.interface),
      );
    case "auto":
      return filter(({ bridge }) => bridge !== undefined);
  }
}

/** A path that is none of the listed ports can still be one, such as a pty; opening it tells. */
async function portsAt(paths: readonly string[], ports: readonly PortInfo[]): Promise<readonly PortInfo[]> {
  const found = new Map<string, PortInfo>();
  for (const each of paths) {
    const device = path.isAbsolute(each) ? await followLinks(each, isListed) : each;
    if (device === undefined) continue;
    const listed = ports.find((port) => port.path === device);
    if (listed || path.isAbsolute(each)) found.set(device, listed ?? { path: device, links: [] });
  }
  return [...found.values()];

  function isListed(candidate: string): boolean {
    return ports.some((port) => port.path === candidate);
  }
}

async function portsLike(folder: string, pattern: RegExp, ports: readonly PortInfo[]): Promise<readonly PortInfo[]> {
  // Ports of Windows lie in no folder.
  if (folder === "") return ports.filter((port) => pattern.test(port.path));
  const names = await readdir(folder).catch(() => []);
  return portsAt(
    names.filter((name) => pattern.test(name)).map((name) => folder + name),
    ports,
  );
}

function selectByMac(mac: string, ports: readonly PortInfo[], known: readonly KnownBoard[]): Selection {
  const wanted = `mac:${mac}`;
  const named = ports.filter((port) => port.macFromUsb === mac);
  if (named.length > 0) return { kind: "port", port: exactlyOne(named, wanted, ports), by: "system" };
  const [remembered, ...more] = rememberedPorts(mac, known, ports);
  if (remembered && more.length === 0) return { kind: "port", port: remembered, by: "memory" };
  const candidates = ports.filter((port) => port.bridge !== undefined && port.macFromUsb === undefined);
  if (candidates.length === 0) throw notFound(wanted, ports);
  const others = known.filter((board) => board.mac !== mac);
  const taken = new Set(others.flatMap((board) => rememberedPorts(board.mac, known, ports)));
  const ranked = [...candidates].sort((a, b) => Number(taken.has(a)) - Number(taken.has(b)));
  return { kind: "candidates", mac, ports: ranked };
}

function exactlyOne(found: readonly PortInfo[], wanted: string, all: readonly PortInfo[]): PortInfo {
  const [port, ...more] = found;
  if (port === undefined) throw notFound(wanted, all);
  if (more.length === 0) return port;
  const lines = found.map(describePort);
  throw new FlashError("port/ambiguous", `${wanted} fits ${lines.length} ports: ${lines.join("; ")}`, {
    ports: found.map((each) => each.path),
  });
}

function notFound(wanted: string, ports: readonly PortInfo[]): FlashError {
  const there =
    ports.length === 0 ? "there is no serial port at all" : `there are: ${ports.map(describePort).join("; ")}`;
  return new FlashError("port/not-found", `no port fits ${wanted}; ${there}`, { port: wanted });
}

function describeSelector(selector: Exclude<PortSelector, { kind: "mac" }>): string {
  switch (selector.kind) {
    case "path":
      return selector.path;
    case "glob":
      return selector.text;
    case "usb":
      return `usb:${[selector.vendorId, selector.productId].map((id) => id.toString(16).padStart(4, "0")).join(":")}`;
    case "serial":
      return `serial:${selector.serial}`;
    case "location":
      return `location:${selector.location}${selector.interface ? `:${selector.interface}` : ""}`;
    case "auto":
      return "auto (a known USB bridge or Espressif device)";
  }
}
