import { toFlashError } from "../../src/base/errors.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { followPort, waitForPort } from "../../src/ports/follow.js";
import { selectPort } from "../../src/ports/select.js";
import { parsePortSelector } from "../../src/ports/selector.js";
import type { MadeBoard, MadeRig } from "../support/made-rig.js";
import { createRig, eightBoards, madeBoard, portOf } from "../support/made-rig.js";

let rig: MadeRig;
beforeEach(() => {
  rig = createRig();
  for (const board of eightBoards) rig.plug(board);
});
afterEach(() => rig.end());

const signal = new AbortController().signal;

/** Replaces a board by what is plugged in at its place, and follows it; the name of the port found, or the error's code. */
async function afterReset(board: MadeBoard, now: MadeBoard | undefined): Promise<string> {
  const before = await portOf(rig, board.tty);
  rig.unplug(board);
  if (now) rig.plug(now);
  const clock = new VirtualClock();
  // Files take no time on this clock; a board that is not there at once costs one poll.
  const options = { timeoutMs: 0, clock, signal };
  return followPort(before, () => rig.discover(), options).then(
    ({ path }) => path.replace(/.*\//, ""),
    (thrown: unknown) => toFlashError(thrown).code,
  );
}

const bridge = madeBoard("ttyUSB0");
const native = madeBoard("ttyACM0");

test("a renumbered bridge is followed by its place", async () => {
  expect(await afterReset(bridge, { ...bridge, tty: "ttyUSB42" })).toBe("ttyUSB42");
});

test("a chip with USB of its own is followed from its firmware to its ROM and back", async () => {
  const rom = { ...native, tty: "ttyACM9", ids: "303a:0009", serial: "0" };
  const firmware = { ...native, tty: "ttyACM10", ids: "239a:8119", serial: "4C11AEB99054" };
  expect(await afterReset(native, rom)).toBe("ttyACM9");
  expect(await afterReset(rom, firmware)).toBe("ttyACM10");
  expect(await afterReset(firmware, { ...native, tty: "ttyACM11" })).toBe("ttyACM11");
});

test("the same kind of board with another MAC at that place is refused", async () => {
  expect(await afterReset(native, { ...native, serial: "AA:AA:AA:AA:AA:AA" })).toBe("port/other-board");
});

test("another bridge at that place is refused", async () => {
  expect(await afterReset(bridge, { ...bridge, ids: "1a86:7523" })).toBe("port/other-board");
  const second = madeBoard("ttyUSB2");
  expect(await afterReset(second, { ...second, serial: "other" })).toBe("port/other-board");
});

test("a board that moved to another place is not followed", async () => {
  expect(await afterReset(native, { ...native, location: "1-8" })).toBe("port/not-found");
  expect(await afterReset(bridge, undefined)).toBe("port/not-found");
});

test("a second interface in one mode does not lead astray", async () => {
  const before = await portOf(rig, native.tty);
  rig.unplug(native);
  rig.plug({ ...native, tty: "ttyACM20", ids: "303a:4001", serial: "1", interface: "1.2" });
  rig.plug({ ...native, tty: "ttyACM21", ids: "303a:4001", serial: "1", interface: "1.0" });
  const options = { timeoutMs: 0, clock: new VirtualClock(), signal };
  expect((await followPort(before, () => rig.discover(), options)).path).toMatch(/ttyACM21$/);
});

test("wait-for-port: a board that appears in time is found; else the error says how long it waited", async () => {
  const clock = new VirtualClock();
  const selector = parsePortSelector("mac:4c:11:ae:b9:90:54");
  if (selector === undefined) throw new Error("no selector");
  const listed = await rig.discover();
  const without = listed.filter(({ macFromUsb }) => macFromUsb !== "4c:11:ae:b9:90:54" && macFromUsb !== undefined);
  const look = (fromMs: number) => (): ReturnType<typeof selectPort> =>
    selectPort(selector, clock.nowMs() >= fromMs ? listed : without);
  const found = await clock.run(waitForPort(look(4000), { timeoutMs: 5000, clock, signal }));
  expect(found).toMatchObject({ kind: "port" });
  expect(clock.nowMs()).toBe(4000);
  const late = clock.run(waitForPort(look(99_000), { timeoutMs: 5000, clock, signal }));
  await expect(late).rejects.toMatchObject({
    code: "port/not-found",
    message: expect.stringContaining("waited 5 s") as string,
  });
  expect(clock.pending).toBe(0);
});

test("waiting ends at once with the signal, and with any other error", async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const look = async (): Promise<never> => {
    controller.abort(new Error("cancelled"));
    return (await selectPort({ kind: "auto" }, [])) as never;
  };
  await expect(waitForPort(look, { timeoutMs: 5000, clock, signal: controller.signal })).rejects.toThrow("cancelled");
  const ambiguous = async (): Promise<unknown> => selectPort({ kind: "auto" }, await rig.discover());
  await expect(waitForPort(ambiguous, { timeoutMs: 5000, clock, signal })).rejects.toMatchObject({
    code: "port/ambiguous",
  });
});
