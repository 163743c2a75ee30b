import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../src/base/clock.js";
import { FlashError, toFlashError } from "../../src/base/errors.js";
import type { ClaimOptions, ClaimedPort } from "../../src/ports/claim.js";
import { claimMac, claimPort } from "../../src/ports/claim.js";
import { rememberBoard } from "../../src/ports/known-boards.js";
import { lockBoard } from "../../src/ports/lock.js";
import type { LockOptions } from "../../src/ports/lock.js";
import { parsePortSelector } from "../../src/ports/selector.js";
import type { MadeRig } from "../support/made-rig.js";
import { createRig, eightBoards, madeBoard, portOf } from "../support/made-rig.js";

let folder: string;
let rig: MadeRig;
let asked: string[];
let claims: ClaimedPort[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-claim-"));
  rig = createRig();
  for (const board of eightBoards) rig.plug(board);
  asked = [];
  claims = [];
});
afterEach(() => {
  for (const { locks } of claims) for (const lock of locks) lock.release();
  rig.end();
  rmSync(folder, { recursive: true, force: true });
});

/** The MAC behind each bridge, by place; the one at 1-1.4 is silent. */
const macs: Readonly<Record<string, string>> = {
  "1-1.1": "24:6f:28:00:00:01",
  "1-1.2": "24:6f:28:00:00:02",
  "1-1.3.1": "24:6f:28:00:00:03",
  "1-1.3.2": "24:6f:28:00:00:04",
  "1-4": "24:6f:28:00:00:05",
};

const signal = new AbortController().signal;
const lockOf = (job: string, timeoutMs = 10_000): Omit<LockOptions, "clock" | "signal"> => ({
  lockDir: path.join(folder, "locks"),
  job: { id: job, title: `job ${job}` },
  timeoutMs,
  onWait: () => undefined,
});

function claimOptions(more: Partial<ClaimOptions> = {}): ClaimOptions {
  return {
    discover: () => rig.discover(),
    stateDir: path.join(folder, "boards"),
    waitForPortMs: 0,
    lock: lockOf("mine"),
    clock: systemClock,
    signal,
    ask: ({ path: at, usb }) => {
      asked.push(path.basename(at));
      const mac = macs[usb?.location ?? ""];
      if (mac !== undefined) return Promise.resolve(mac);
      return Promise.reject(new FlashError("connect/silent", "nothing came"));
    },
    ...more,
  };
}

/** Claims a port, until the end of the test; the name of its tty. */
async function claim(text: string, more: Partial<ClaimOptions> = {}): Promise<string> {
  const selector = parsePortSelector(text);
  if (selector === undefined) throw new Error(`${text} is no selector`);
  const found = await claimPort(selector, claimOptions(more));
  claims.push(found);
  return path.basename(found.port.path);
}

async function hold(board: string): Promise<() => void> {
  const lock = await lockBoard(board, { ...lockOf("theirs"), clock: systemClock, signal });
  return () => lock.release();
}

test("what the system knows is claimed without asking any board", async () => {
  expect(await claim("mac:4c:11:ae:b9:90:54")).toBe("ttyACM0");
  expect(await claim("location:1-1.2")).toBe("ttyUSB1");
  expect(asked).toEqual([]);
  await expect(claim("serial:4C:11:AE:B9:90:54", { lock: lockOf("other", 0) })).rejects.toMatchObject({
    code: "lock/timeout",
    message: expect.stringContaining("job mine") as string,
  });
});

test("a board that gets another number while its lock is waited for is claimed at the new one", async () => {
  const release = await hold("usb-1-1.2");
  const onWait = (): void => {
    rig.unplug(madeBoard("ttyUSB1"));
    rig.plug({ ...madeBoard("ttyUSB1"), tty: "ttyUSB77" });
    release();
  };
  expect(await claim("location:1-1.2", { lock: { ...lockOf("mine"), onWait } })).toBe("ttyUSB77");
});

test("a MAC that nothing tells is asked for, board by board; next time it is known where", async () => {
  expect(await claim("mac:24:6f:28:00:00:03")).toBe("ttyUSB2");
  expect(asked).toEqual(["ttyACM2", "ttyUSB0", "ttyUSB1", "ttyUSB2"]);
  for (const { locks } of claims) for (const lock of locks) lock.release();
  asked.length = 0;
  expect(await claim("mac:24:6f:28:00:00:03")).toBe("ttyUSB2");
  expect(asked).toEqual(["ttyUSB2"]);
});

test("a board whose lock another job holds is not touched before the lock is there", async () => {
  const release = await hold("usb-1-1.1");
  expect(await claim("mac:24:6f:28:00:00:04")).toBe("ttyUSB3");
  expect(asked).not.toContain("ttyUSB0");
  await expect(claim("mac:24:6f:28:00:00:01", { lock: lockOf("mine", 300) })).rejects.toMatchObject({
    code: "lock/timeout",
  });
  expect(asked).not.toContain("ttyUSB0");
  release();
  expect(await claim("mac:24:6f:28:00:00:01")).toBe("ttyUSB0");
});

test("boards that were swapped: the noted place is asked, then the others, and the note is mended", async () => {
  const stateDir = path.join(folder, "boards");
  rememberBoard(stateDir, "24:6f:28:00:00:02", await portOf(rig, "ttyUSB0"));
  expect(await claim("mac:24:6f:28:00:00:02")).toBe("ttyUSB1");
  expect(asked).toEqual(["ttyUSB0", "ttyACM2", "ttyUSB1"]);
});

test("a MAC that no board has: the error tells what each one said, and no lock is left", async () => {
  const error = await claim("mac:24:6f:28:00:00:99").catch((thrown: unknown) => toFlashError(thrown));
  if (typeof error === "string") throw new Error(`found at ${error}`);
  expect(error.code).toBe("port/not-found");
  expect(error.message).toContain(
    "ttyUSB0 (CP210x, usb:10c4:ea60, location:1-1.1:1.0, serial:0001) is mac:24:6f:28:00:00:01",
  );
  expect(error.message).toContain("ttyUSB10 (FT-X, usb:0403:6015, location:1-1.4:1.0, serial:DN01): nothing came");
  for (const { location } of eightBoards) {
    const lock = await lockBoard(`usb-${location}`, { ...lockOf("theirs", 0), clock: systemClock, signal });
    lock.release();
  }
});

test("with `lock: off` nothing is locked", async () => {
  const release = await hold("usb-1-1.1");
  expect(await claim("location:1-1.1", { lock: "off" })).toBe("ttyUSB0");
  release();
});

test("cancelled while it waits for a lock, it ends at once and leaves the queue", async () => {
  const release = await hold("usb-1-1.1");
  const controller = new AbortController();
  const onWait = (): void => controller.abort(new FlashError("job/cancelled", "stop"));
  const lock = { ...lockOf("mine", 60_000), onWait };
  await expect(claim("location:1-1.1", { lock, signal: controller.signal })).rejects.toMatchObject({
    code: "job/cancelled",
  });
  release();
  const free = await lockBoard("usb-1-1.1", { ...lockOf("other", 0), clock: systemClock, signal });
  free.release();
});

test("a board that is plugged in twice is one board: by its MAC, once that is known", async () => {
  const mac = "4c:11:ae:b9:90:54";
  await claim("location:1-1.1");
  const [bridge] = claims;
  if (bridge === undefined) throw new Error("nothing was claimed");
  const whole = await claimMac(bridge, mac, claimOptions());
  claims.push(whole);
  expect(whole.locks.map(({ name }) => name)).toEqual(["usb-1-1.1", "mac-4c11aeb99054"]);
  expect(await claimMac(whole, mac, claimOptions())).toBe(whole);
  const other = claim("location:1-2", { lock: lockOf("other", 0) });
  await expect(other).rejects.toMatchObject({ code: "lock/timeout", details: { board: "mac-4c11aeb99054" } });
  for (const lock of whole.locks) lock.release();
  expect(await claim("location:1-2", { lock: lockOf("other", 0) })).toBe("ttyACM0");
});
