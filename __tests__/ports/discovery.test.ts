import { rmSync } from "node:fs";
import path from "node:path";
import { discoverLinux, discoverListed, discovery } from "../../src/ports/discovery.js";
import type { MadeRig } from "../support/made-rig.js";
import { createRig, eightBoards, madeBoard, portOf } from "../support/made-rig.js";

let rig: MadeRig;
beforeEach(() => {
  rig = createRig();
  for (const board of eightBoards) rig.plug(board);
});
afterEach(() => rig.end());

test("each port has what /sys and /dev/serial say of it; consoles and UARTs that are not there do not count", async () => {
  const ports = await rig.discover();
  expect(ports.map((port) => path.basename(port.path))).toEqual([
    "ttyACM0",
    "ttyACM1",
    "ttyACM2",
    "ttyS0",
    "ttyUSB0",
    "ttyUSB1",
    "ttyUSB2",
    "ttyUSB3",
    "ttyUSB10",
  ]);
  expect(await portOf(rig, "ttyUSB2")).toEqual({
    path: path.join(rig.devRoot, "ttyUSB2"),
    links: [path.join(rig.devRoot, "serial/by-id/usb-Silicon_Labs_CP2102N_a1b2c3-if00-port0")],
    usb: { vendorId: 0x10c4, productId: 0xea60, location: "1-1.3.1", interface: "1.0", serial: "a1b2c3" },
    bridge: "CP210x",
  });
  expect(await portOf(rig, "ttyACM0")).toMatchObject({
    usb: { location: "1-2", interface: "1.0", product: "USB JTAG/serial debug unit" },
    bridge: "Espressif USB-Serial/JTAG",
    macFromUsb: "4c:11:ae:b9:90:54",
  });
});

test("only USB-Serial/JTAG is trusted to tell the MAC", async () => {
  for (const [tty, ids] of [
    ["ttyACM5", "303a:1002"],
    ["ttyACM6", "303a:4001"],
    ["ttyACM7", "1a86:55d3"],
  ] as const) {
    rig.plug({ tty, ids, location: `1-7.${tty.slice(-1)}`, serial: "4C:11:AE:B9:90:54" });
    expect((await portOf(rig, tty)).macFromUsb).toBeUndefined();
  }
});

test("in a container, a port counts only if it was passed in", async () => {
  rmSync(path.join(rig.devRoot, "ttyUSB1"));
  const names = (await rig.discover()).map((port) => path.basename(port.path));
  expect(names).not.toContain("ttyUSB1");
  expect(names).toContain("ttyUSB0");
});

test("a board that is unplugged and one that is plugged in are noticed at the next look", async () => {
  const board = madeBoard("ttyUSB0");
  rig.unplug(board);
  await expect(portOf(rig, "ttyUSB0")).rejects.toThrow("is not listed");
  rig.plug({ ...board, tty: "ttyUSB5", location: "1-2.4" });
  expect((await portOf(rig, "ttyUSB5")).usb?.location).toBe("1-2.4");
});

test("without /sys there are no ports, and no error", async () => {
  expect(await discoverLinux(path.join(rig.sysRoot, "none"), path.join(rig.devRoot, "none"))).toEqual([]);
});

test("serialport's own list gives the same facts elsewhere", async () => {
  const list = (): ReturnType<Parameters<typeof discoverListed>[0]> =>
    Promise.resolve([
      {
        path: "COM10",
        vendorId: "303A",
        productId: "1001",
        serialNumber: "4C:11:AE:B9:90:54",
        locationId: "Port_#0002.Hub_#0003",
      },
      { path: "COM3", vendorId: "10C4", productId: "EA60", serialNumber: "0001", friendlyName: "CP2102 (COM3)" },
      { path: "COM1", vendorId: undefined },
    ]);
  expect(await discoverListed(list)).toEqual([
    { path: "COM1", links: [] },
    {
      path: "COM3",
      links: [],
      usb: { vendorId: 0x10c4, productId: 0xea60, serial: "0001", product: "CP2102 (COM3)" },
      bridge: "CP210x",
    },
    {
      path: "COM10",
      links: [],
      usb: { vendorId: 0x303a, productId: 0x1001, location: "Port_#0002.Hub_#0003", serial: "4C:11:AE:B9:90:54" },
      bridge: "Espressif USB-Serial/JTAG",
      macFromUsb: "4c:11:ae:b9:90:54",
    },
  ]);
});

test("Linux reads /sys and never asks serialport, which would need udevadm; other systems ask it", async () => {
  let isAsked = false;
  const discover = discovery(() => {
    isAsked = true;
    return Promise.resolve([]);
  });
  expect(Array.isArray(await discover())).toBe(true);
  expect(isAsked).toBe(process.platform !== "linux");
});
