import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../src/base/clock.js";
import { noteJobEnd } from "../../src/ports/board-health.js";
import { rememberBoard } from "../../src/ports/known-boards.js";
import { listBoards } from "../../src/ports/list-boards.js";
import type { ListedBoard } from "../../src/ports/list-boards.js";
import { lockBoard } from "../../src/ports/lock.js";
import { lockNameOfMac, lockNameOfPort } from "../../src/ports/port-info.js";
import { parsePortSelector } from "../../src/ports/selector.js";
import { selectPort } from "../../src/ports/select.js";
import { createRig } from "../support/made-rig.js";
import type { MadeRig } from "../support/made-rig.js";

const S3 = { tty: "ttyACM0", location: "1-1.1", ids: "303a:1001", serial: "7C:DF:A1:00:00:01" };
const BRIDGE = { tty: "ttyUSB0", location: "1-1.2", ids: "10c4:ea60", serial: "0001" };
const TWIN = { tty: "ttyUSB1", location: "1-1.3", ids: "10c4:ea60", serial: "0001" };
const DOUBLE = [
  { tty: "ttyUSB2", location: "1-1.4", ids: "0403:6010", interface: "1.0" },
  { tty: "ttyUSB3", location: "1-1.4", ids: "0403:6010", interface: "1.1" },
];

const signal = new AbortController().signal;
const job = { id: "mine", title: "owner/repository, run 1, job list, runner bench" };
const other = { id: "other", title: "owner/repository, run 2, job flash, runner bench" };

let rig: MadeRig;
let folder: string;
beforeEach(() => {
  rig = createRig();
  folder = mkdtempSync(path.join(tmpdir(), "list-boards-"));
});
afterEach(() => {
  rig.end();
  rmSync(folder, { recursive: true, force: true });
});

const list = (): Promise<readonly ListedBoard[]> =>
  listBoards({
    discover: () => rig.discover(),
    stateDir: path.join(folder, "state"),
    lockDir: path.join(folder, "locks"),
    job,
    clock: systemClock,
    signal,
  });
const lock = (name: string, holder = other): ReturnType<typeof lockBoard> =>
  lockBoard(name, {
    lockDir: path.join(folder, "locks"),
    job: holder,
    timeoutMs: 0,
    clock: systemClock,
    signal,
    onWait: () => undefined,
  });
const portOf = async (location: string): Promise<Parameters<typeof lockNameOfPort>[0]> => {
  const port = (await rig.discover()).find(({ usb }) => usb?.location === location);
  if (port === undefined) throw new Error(`nothing at ${location}`);
  return port;
};

test("lists boards under names that fit exactly one port each, and leaves out what is no board", async () => {
  for (const board of [S3, BRIDGE, TWIN, ...DOUBLE]) rig.plug(board);
  const boards = await list();
  expect(boards.map(({ port, mac, bridge }) => [port, mac, bridge])).toEqual([
    ["mac:7c:df:a1:00:00:01", "7c:df:a1:00:00:01", expect.any(String)],
    ["location:1-1.2", undefined, "CP210x"],
    ["location:1-1.3", undefined, "CP210x"],
    ["location:1-1.4:1.0", undefined, "FT2232"],
    ["location:1-1.4:1.1", undefined, "FT2232"],
  ]);
  for (const { port, path: device } of boards) {
    const selector = parsePortSelector(port);
    if (selector === undefined) throw new Error(`${port} is no selector`);
    expect(await selectPort(selector, await rig.discover())).toMatchObject({ kind: "port", port: { path: device } });
  }
});

test("names the MAC that an earlier job met behind a bridge", async () => {
  rig.plug(BRIDGE);
  rememberBoard(path.join(folder, "state"), "4c:11:ae:b9:90:54", await portOf("1-1.2"));
  expect(await list()).toMatchObject([{ port: "location:1-1.2", mac: "4c:11:ae:b9:90:54" }]);
});

test("marks boards that another job has, by place or by MAC, and no longer than it has them", async () => {
  for (const board of [S3, BRIDGE]) rig.plug(board);
  expect((await list()).map(({ locked }) => locked)).toEqual([false, false]);
  const locks = [await lock(lockNameOfMac("7c:df:a1:00:00:01")), await lock(lockNameOfPort(await portOf("1-1.2")))];
  expect((await list()).map(({ lockedBy }) => lockedBy?.split(", since")[0])).toEqual([other.title, other.title]);
  for (const each of locks) each.release();
  expect((await list()).map(({ locked }) => locked)).toEqual([false, false]);
  const ours = await lock(lockNameOfPort(await portOf("1-1.2")), job);
  expect((await list()).map(({ locked }) => locked)).toEqual([false, false]);
  ours.release();
});

test("marks boards on which three jobs in a row failed", async () => {
  rig.plug(BRIDGE);
  const name = lockNameOfPort(await portOf("1-1.2"));
  for (let failed = 0; failed < 3; failed++) {
    expect(await list()).toMatchObject([{ wedged: false }]);
    noteJobEnd(path.join(folder, "state"), name, "connect/silent");
  }
  const [board] = await list();
  expect(board).toMatchObject({ wedged: true });
  expect(board?.wedgedWhy).toContain("3 jobs in a row failed on it");
});

test("leaves nothing behind", async () => {
  rig.plug(BRIDGE);
  await list();
  expect(readdirSync(folder)).toEqual([]);
});
