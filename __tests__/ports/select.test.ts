import { symlinkSync } from "node:fs";
import path from "node:path";
import type { FlashError } from "../../src/base/errors.js";
import { hasCode } from "../../src/base/errors.js";
import type { KnownBoard } from "../../src/ports/known-boards.js";
import { describePort, lockNameOfMac, lockNameOfPort, lockNameOfUrl } from "../../src/ports/port-info.js";
import { selectPort } from "../../src/ports/select.js";
import { parsePortSelector } from "../../src/ports/selector.js";
import type { MadeRig } from "../support/made-rig.js";
import { createRig, eightBoards, madeBoard, portOf } from "../support/made-rig.js";

let rig: MadeRig;
beforeEach(() => {
  rig = createRig();
  for (const board of eightBoards) rig.plug(board);
});
afterEach(() => rig.end());

async function select(text: string, known: readonly KnownBoard[] = []): ReturnType<typeof selectPort> {
  const selector = parsePortSelector(text);
  if (selector === undefined) throw new Error(`${text} is no selector`);
  return selectPort(selector, await rig.discover(), known);
}

/** The tty that a line of `port` leads to. */
async function ttyOf(text: string, known: readonly KnownBoard[] = []): Promise<string> {
  const found = await select(text, known);
  if (found.kind !== "port") throw new Error(`${text} has candidates`);
  return path.relative(rig.devRoot, found.port.path);
}

async function failure(text: string): Promise<FlashError> {
  const error: unknown = await select(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!hasCode(error, "port/not-found", "port/ambiguous")) throw new Error(`${text}: ${String(error)}`);
  return error;
}

test("every board of the bench is found by its path, its place, and what else it alone has", async () => {
  for (const { tty, location } of eightBoards) {
    expect(await ttyOf(path.join(rig.devRoot, tty))).toBe(tty);
    expect(await ttyOf(`location:${location}`)).toBe(tty);
    expect(await ttyOf(`location:${location}:1.0`)).toBe(tty);
  }
  const rest: readonly (readonly [string, string])[] = [
    ["usb:1a86:7523", "ttyUSB3"],
    ["usb:0403:6015", "ttyUSB10"],
    ["usb:1A86:55D4", "ttyACM2"],
    ["serial:a1b2c3", "ttyUSB2"],
    ["serial:DN01", "ttyUSB10"],
    ["serial:4C:11:AE:B9:90:54", "ttyACM0"],
    ["mac:4c:11:ae:b9:90:54", "ttyACM0"],
    ["mac:4C:11:AE:B9:90:60", "ttyACM1"],
    [`${rig.devRoot}/serial/by-id/usb-Silicon_Labs_CP2102N_a1b2c3-if00-port0`, "ttyUSB2"],
    [`${rig.devRoot}/serial/by-id/*a1b2c3*`, "ttyUSB2"],
    [`${rig.devRoot}/ttyUSB1?`, "ttyUSB10"],
  ];
  symlinkSync("ttyACM1", path.join(rig.devRoot, "left-board"));
  expect(await ttyOf(path.join(rig.devRoot, "left-board"))).toBe("ttyACM1");
  for (const [text, tty] of rest) expect([text, await ttyOf(text)]).toEqual([text, tty]);
});

test("several are refused, with what tells each apart", async () => {
  const twins = await failure("serial:0001");
  expect(twins.code).toBe("port/ambiguous");
  expect(twins.message).toContain("ttyUSB0 (CP210x, usb:10c4:ea60, location:1-1.1:1.0, serial:0001)");
  expect(twins.message).toContain("ttyUSB1 (CP210x, usb:10c4:ea60, location:1-1.2:1.0, serial:0001)");
  expect(twins.message).not.toContain("ttyUSB2");
  for (const text of ["usb:10c4:ea60", "usb:303a:1001", "auto", `${rig.devRoot}/ttyUSB*`]) {
    expect([text, (await failure(text)).code]).toEqual([text, "port/ambiguous"]);
  }
});

test("none is refused, with what is there", async () => {
  const missing = [`${rig.devRoot}/ttyUSB7`, "usb:0403:6001", "serial:9", "location:1-1", "location:1-2:1.1"];
  for (const text of missing) {
    const error = await failure(text);
    expect([text, error.code]).toEqual([text, "port/not-found"]);
    for (const { tty } of eightBoards) expect(error.message).toContain(`${tty} (`);
  }
});

test("auto takes the one board; a UART of the mainboard does not count", async () => {
  for (const board of eightBoards.slice(1)) rig.unplug(board);
  expect(await ttyOf("auto")).toBe("ttyUSB0");
  rig.unplug(madeBoard("ttyUSB0"));
  const none = await failure("auto");
  expect(none.message).toContain("ttyS0 (no USB device)");
  expect(none.message).not.toContain("ttyS1");
});

test("two ports of one bridge are told apart by their interface", async () => {
  rig.plug({ tty: "ttyUSB20", location: "1-5", ids: "10c4:ea70", interface: "1.0" });
  rig.plug({ tty: "ttyUSB21", location: "1-5", ids: "10c4:ea70", interface: "1.1" });
  expect((await failure("location:1-5")).code).toBe("port/ambiguous");
  expect(await ttyOf("location:1-5:1.1")).toBe("ttyUSB21");
});

test("a path that no list has is taken as it is: a pty", async () => {
  rig.plug({ tty: "ttyACM9", location: "1-6", ids: "303a:1001", serial: "AA:BB:CC:00:11:22", target: "/dev/null" });
  expect(await ttyOf("mac:aa:bb:cc:00:11:22")).toBe("ttyACM9");
  expect(await ttyOf(`${rig.devRoot}/ttyACM9`)).toBe("ttyACM9");
  expect(await select("/dev/null")).toEqual({ kind: "port", port: { path: "/dev/null", links: [] }, by: "system" });
});

const mac = "24:6f:28:00:00:01";
const cp2102 = { vendorId: 0x10c4, productId: 0xea60, interface: "1.0" };

test("a MAC behind a bridge is found where it was seen last", async () => {
  const bySerial = { mac, ...cp2102, location: "1-9", serial: "a1b2c3", seenAtMs: 1 };
  expect(await select(`mac:${mac}`, [bySerial])).toMatchObject({ kind: "port", by: "memory" });
  expect(await ttyOf(`mac:${mac}`, [bySerial])).toBe("ttyUSB2");
  const byPlace = { mac, ...cp2102, location: "1-1.2", serial: "0001", seenAtMs: 1 };
  expect(await ttyOf(`mac:${mac}`, [byPlace])).toBe("ttyUSB1");
  const withoutSerial = { mac, ...cp2102, vendorId: 0x1a86, productId: 0x7523, location: "1-1.3.2", seenAtMs: 1 };
  expect(await ttyOf(`mac:${mac}`, [withoutSerial])).toBe("ttyUSB3");
});

test("a MAC that nobody has seen: the bridges are to be asked, those with other known boards last, native ones never", async () => {
  const other = { mac: "24:6f:28:00:00:02", ...cp2102, location: "1-1.1", serial: "0001", seenAtMs: 1 };
  const found = await select(`mac:${mac}`, [other]);
  if (found.kind !== "candidates") throw new Error("not expected to be found");
  expect(found.ports.map((port) => path.basename(port.path))).toEqual([
    "ttyACM2",
    "ttyUSB1",
    "ttyUSB2",
    "ttyUSB3",
    "ttyUSB10",
    "ttyUSB0",
  ]);
  for (const board of eightBoards) if (!board.ids.startsWith("303a")) rig.unplug(board);
  expect((await failure(`mac:${mac}`)).code).toBe("port/not-found");
});

test("a board's lock has the same name in every mode and at every number; ports of one device share it", async () => {
  const names = (await rig.discover()).map(lockNameOfPort);
  expect(names).toContain("usb-1-1.3.1");
  expect(names).toContain("port-ttyS0");
  expect(new Set(names).size).toBe(names.length);
  rig.unplug(madeBoard("ttyACM0"));
  rig.plug({ tty: "ttyACM7", location: "1-2", ids: "303a:0002", serial: "0" });
  const again = await portOf(rig, "ttyACM7");
  expect(lockNameOfPort(again)).toBe("usb-1-2");
  expect(describePort(again)).toContain("ESP32-S2 ROM");
  expect(lockNameOfMac("4C:11:AE:B9:90:54")).toBe("mac-4c11aeb99054");
  expect(lockNameOfUrl("rfc2217://Bench.local:4000?x=1")).toBe("net-bench.local-4000");
  expect(lockNameOfUrl("tcp://[::1]:4000")).toBe("net--1--4000");
});
