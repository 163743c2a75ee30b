import type { Clock } from "../base/clock.js";
import { holderOfBoard } from "./board-holder.js";
import { boardHealth, describeWedged } from "./board-health.js";
import type { Discover } from "./discovery.js";
import { knownBoards, rememberedPorts } from "./known-boards.js";
import type { JobIdentity } from "./lock-owner.js";
import { lockNameOfMac, lockNameOfPort, usbIds } from "./port-info.js";
import type { PortInfo } from "./port-info.js";

/** A board of this machine, as far as one can tell without opening its port. */
export interface ListedBoard {
  /** What the input `port` takes for it and what stays with the next plug: `mac:`, `location:`, or the path. */
  readonly port: string;
  /** The device path at the moment. */
  readonly path: string;
  readonly links: readonly string[];
  /** Name of the bridge or chip on USB. */
  readonly bridge?: string;
  /** `10c4:ea60`. */
  readonly usb?: string;
  readonly location?: string;
  readonly serial?: string;
  /** By its USB serial number, or as an earlier job met it at this place. */
  readonly mac?: string;
  /** Another job has it. */
  readonly locked: boolean;
  /** That job, in words. */
  readonly lockedBy?: string;
  /** Several jobs in a row failed on it. */
  readonly wedged: boolean;
  readonly wedgedWhy?: string;
}

export interface ListOptions {
  readonly discover: Discover;
  /** Where it is noted which board was met where, and how its last jobs ended. */
  readonly stateDir: string;
  readonly lockDir: string;
  readonly job: JobIdentity;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Ports of one USB device are told apart by their interface. */
function stableName(port: PortInfo, ports: readonly PortInfo[]): string {
  const { usb, macFromUsb, path } = port;
  if (macFromUsb !== undefined) return `mac:${macFromUsb}`;
  if (usb?.location === undefined) return path;
  const isShared = ports.some((other) => other !== port && other.usb?.location === usb.location);
  return `location:${usb.location}${isShared && usb.interface !== undefined ? `:${usb.interface}` : ""}`;
}

/** Which board was met at each port by earlier jobs. */
function rememberedMacs(stateDir: string, ports: readonly PortInfo[]): ReadonlyMap<PortInfo, string> {
  const known = knownBoards(stateDir);
  return new Map(
    known.flatMap(({ mac }): [PortInfo, string][] => {
      const [port, ...more] = rememberedPorts(mac, known, ports);
      return port === undefined || more.length > 0 ? [] : [[port, mac]];
    }),
  );
}

/** The boards of this machine by path: ports with a known USB bridge or chip. Opens none. As `holderOfBoard`, `knownBoards`. */
export async function listBoards(options: ListOptions): Promise<readonly ListedBoard[]> {
  const { discover, stateDir } = options;
  const ports = (await discover()).filter((port) => port.bridge !== undefined);
  const remembered = rememberedMacs(stateDir, ports);
  const boards: ListedBoard[] = [];
  for (const port of ports) {
    const { path, links, bridge, usb } = port;
    const mac = port.macFromUsb ?? remembered.get(port);
    const lockName = lockNameOfPort(port);
    const wedgedWhy = describeWedged(boardHealth(stateDir, lockName));
    const lockedBy =
      (await holderOfBoard(lockName, options)) ??
      (mac === undefined ? undefined : await holderOfBoard(lockNameOfMac(mac), options));
    boards.push({
      port: stableName(port, ports),
      path,
      links,
      ...(bridge && { bridge }),
      ...(usb && { usb: usbIds(usb) }),
      ...(usb?.location && { location: usb.location }),
      ...(usb?.serial && { serial: usb.serial }),
      ...(mac && { mac }),
      locked: lockedBy !== undefined,
      ...(lockedBy && { lockedBy }),
      wedged: wedgedWhy !== undefined,
      ...(wedgedWhy && { wedgedWhy }),
    });
  }
  return boards;
}
