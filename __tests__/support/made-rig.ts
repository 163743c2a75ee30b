import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PortInfo } from "../../src/ports/port-info.js";
import { discoverLinux } from "../../src/ports/discovery.js";

/** A USB device with one serial port, as Linux shows it. */
export interface MadeBoard {
  /** ttyUSB… hangs one level deeper than ttyACM…, as with real drivers. */
  readonly tty: string;
  readonly location: string;
  /** `303a:1001` */
  readonly ids: string;
  readonly interface?: string;
  readonly serial?: string;
  readonly product?: string;
  /** Name below /dev/serial/by-id. */
  readonly byId?: string;
  /** What the device node is a link to, such as a pty; else it is an empty file. */
  readonly target?: string;
}

export interface MadeRig {
  readonly sysRoot: string;
  readonly devRoot: string;
  plug(board: MadeBoard): void;
  unplug(board: MadeBoard): void;
  discover(): Promise<readonly PortInfo[]>;
  end(): void;
}

const CONTROLLER = "devices/pci0000:00/0000:00:14.0/usb1";

/** A /sys tree and a /dev folder of a machine with a USB hub, and a UART on its mainboard. */
export function createRig(): MadeRig {
  const root = mkdtempSync(path.join(tmpdir(), "flash-rig-"));
  const sysRoot = path.join(root, "sys");
  const devRoot = path.join(root, "dev");
  const inSys = (...parts: readonly string[]): string => path.join(sysRoot, ...parts);
  const makeFolder = (folder: string): string => mkdirSync(folder, { recursive: true }) ?? folder;
  for (const folder of [inSys("class/tty"), inSys(CONTROLLER, "1-1"), path.join(devRoot, "serial/by-id")]) {
    makeFolder(folder);
  }
  makeFolder(path.join(devRoot, "serial/by-path"));
  write(inSys(CONTROLLER, "1-1"), { idVendor: "05e3", idProduct: "0610", product: "USB2.0 Hub" });
  addTty("tty0", "devices/virtual/tty/tty0");
  addTty("ttyS0", "devices/pnp0/00:04/tty/ttyS0", "devices/pnp0/00:04", { type: "4" });
  addTty("ttyS1", "devices/platform/serial8250/tty/ttyS1", "devices/platform/serial8250", { type: "0" });
  for (const name of ["tty0", "ttyS0", "ttyS1"]) writeFileSync(path.join(devRoot, name), "");

  function write(folder: string, attributes: Readonly<Record<string, string | undefined>>): void {
    for (const [name, text] of Object.entries(attributes)) {
      if (text !== undefined) writeFileSync(path.join(folder, name), `${text}\n`);
    }
  }

  function addTty(
    name: string,
    place: string,
    device?: string,
    attributes: Readonly<Record<string, string>> = {},
  ): void {
    makeFolder(inSys(place));
    write(inSys(place), attributes);
    symlinkSync(path.relative(inSys("class/tty"), inSys(place)), inSys("class/tty", name));
    if (device !== undefined) symlinkSync(path.relative(inSys(place), inSys(device)), inSys(place, "device"));
  }

  /** Below the hub or the controller: 1-1.2 lies in 1-1, 1-3 in the controller's own folder. */
  function folderOf(location: string): string {
    const parents = location.split(".").map((_, index, parts) => parts.slice(0, index + 1).join("."));
    return path.join(CONTROLLER, ...parents);
  }

  const nodeOf = ({ tty }: MadeBoard): string => path.join(devRoot, tty);
  const linkOf = ({ byId }: MadeBoard): string => path.join(devRoot, "serial/by-id", byId ?? "");

  return {
    sysRoot,
    devRoot,
    plug(board) {
      const usb = folderOf(board.location);
      const face = path.join(usb, `${board.location}:${board.interface ?? "1.0"}`);
      const device = board.tty.startsWith("ttyUSB") ? path.join(face, board.tty) : face;
      makeFolder(inSys(device));
      const [idVendor, idProduct] = board.ids.split(":");
      write(inSys(usb), { idVendor, idProduct, serial: board.serial, product: board.product });
      addTty(board.tty, path.join(device, "tty", board.tty), device);
      if (board.target === undefined) writeFileSync(nodeOf(board), "");
      else symlinkSync(board.target, nodeOf(board));
      if (board.byId !== undefined) symlinkSync(`../../${board.tty}`, linkOf(board));
    },
    unplug(board) {
      rmSync(inSys(folderOf(board.location)), { recursive: true, force: true });
      rmSync(inSys("class/tty", board.tty), { force: true });
      rmSync(nodeOf(board), { force: true });
      if (board.byId !== undefined) rmSync(linkOf(board), { force: true });
    },
    discover: () => discoverLinux(sysRoot, devRoot),
    end: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Eight boards as they stand on one bench: like bridges, like serial numbers, and chips with USB of their own. */
export const eightBoards: readonly MadeBoard[] = [
  {
    tty: "ttyUSB0",
    location: "1-1.1",
    ids: "10c4:ea60",
    serial: "0001",
    byId: "usb-Silicon_Labs_CP2102_0001-if00-port0",
  },
  { tty: "ttyUSB1", location: "1-1.2", ids: "10c4:ea60", serial: "0001" },
  {
    tty: "ttyUSB2",
    location: "1-1.3.1",
    ids: "10c4:ea60",
    serial: "a1b2c3",
    byId: "usb-Silicon_Labs_CP2102N_a1b2c3-if00-port0",
  },
  { tty: "ttyUSB3", location: "1-1.3.2", ids: "1a86:7523" },
  { tty: "ttyUSB10", location: "1-1.4", ids: "0403:6015", serial: "DN01" },
  {
    tty: "ttyACM0",
    location: "1-2",
    ids: "303a:1001",
    serial: "4C:11:AE:B9:90:54",
    product: "USB JTAG/serial debug unit",
  },
  {
    tty: "ttyACM1",
    location: "1-3",
    ids: "303a:1001",
    serial: "4C:11:AE:B9:90:60",
    product: "USB JTAG/serial debug unit",
  },
  { tty: "ttyACM2", location: "1-4", ids: "1a86:55d4", serial: "5435" },
];

/** One of the eight. */
export function madeBoard(tty: string): MadeBoard {
  const board = eightBoards.find((each) => each.tty === tty);
  if (board === undefined) throw new Error(`there is no ${tty} on the bench`);
  return board;
}

/** What a rig says of one tty now. */
export async function portOf(rig: MadeRig, tty: string): Promise<PortInfo> {
  const port = (await rig.discover()).find(({ path: at }) => path.basename(at) === tty);
  if (port === undefined) throw new Error(`${tty} is not listed`);
  return port;
}
