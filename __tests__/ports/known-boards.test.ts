import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { knownBoards, rememberBoard } from "../../src/ports/known-boards.js";
import { selectPort } from "../../src/ports/select.js";
import { codeOf } from "../support/code-of.js";
import type { MadeRig } from "../support/made-rig.js";
import { createRig, eightBoards, madeBoard, portOf } from "../support/made-rig.js";

let folder: string;
let stateDir: string;
let rig: MadeRig;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-known-"));
  stateDir = path.join(folder, "boards");
  rig = createRig();
  for (const board of eightBoards) rig.plug(board);
});
afterEach(() => {
  rig.end();
  rmSync(folder, { recursive: true, force: true });
});

const macs = ["24:6f:28:00:00:01", "24:6f:28:00:00:02"] as const;

/** The tty at which a board is expected by what is noted; `candidates` where it has to be searched. */
async function placeOf(mac: string): Promise<string> {
  const found = await selectPort({ kind: "mac", mac }, await rig.discover(), knownBoards(stateDir));
  return found.kind === "port" ? path.basename(found.port.path) : found.kind;
}

test("a board behind a bridge is found again by its MAC, also at another number", async () => {
  expect(knownBoards(stateDir)).toEqual([]);
  rememberBoard(stateDir, macs[0].toUpperCase(), await portOf(rig, "ttyUSB1"));
  rememberBoard(stateDir, macs[1], await portOf(rig, "ttyUSB2"));
  expect(await placeOf(macs[0])).toBe("ttyUSB1");
  const renumbered = { ...madeBoard("ttyUSB1"), tty: "ttyUSB30" };
  rig.unplug(madeBoard("ttyUSB1"));
  rig.plug(renumbered);
  expect(await placeOf(macs[0])).toBe("ttyUSB30");
});

test("a bridge with a serial number of its own is followed to another place; one with the number of many is not", async () => {
  rememberBoard(stateDir, macs[0], await portOf(rig, "ttyUSB1"));
  rememberBoard(stateDir, macs[1], await portOf(rig, "ttyUSB2"));
  for (const tty of ["ttyUSB1", "ttyUSB2"]) {
    rig.unplug(madeBoard(tty));
    rig.plug({ ...madeBoard(tty), location: `1-9.${tty.slice(-1)}` });
  }
  expect(await placeOf(macs[1])).toBe("ttyUSB2");
  expect(await placeOf(macs[0])).toBe("candidates");
});

test("boards that were swapped: the later note of a place counts, and the other board is searched", async () => {
  rememberBoard(stateDir, macs[0], await portOf(rig, "ttyUSB3"));
  rememberBoard(stateDir, macs[1], await portOf(rig, "ttyUSB3"));
  expect(await placeOf(macs[1])).toBe("ttyUSB3");
  expect(await placeOf(macs[0])).toBe("candidates");
});

test("a damaged note is no note; a folder that cannot be used is an error", async () => {
  const port = await portOf(rig, "ttyUSB0");
  rememberBoard(stateDir, macs[0], port);
  const [file = ""] = readdirSync(stateDir);
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    '{"mac":1}',
    `{"mac":"${macs[0]}","vendorId":1,"productId":1,"seenAtMs":1,"serial":7}`,
  ]) {
    writeFileSync(path.join(stateDir, file), text);
    expect(knownBoards(stateDir)).toEqual([]);
  }
  const inFile = path.join(stateDir, file, "boards");
  expect(codeOf(() => rememberBoard(inFile, macs[0], port))).toBe("job/state");
  expect(codeOf(() => knownBoards(inFile))).toBe("job/state");
});

test("a port without USB is not noted", async () => {
  rememberBoard(stateDir, macs[0], await portOf(rig, "ttyS0"));
  expect(knownBoards(stateDir)).toEqual([]);
});
