import { inLockOrder, placeBoards } from "../../src/action/board-places.js";
import { portLines } from "../../src/action/port-line.js";
import { systemClock } from "../../src/base/clock.js";
import { toFlashError } from "../../src/base/errors.js";
import type { FlashError } from "../../src/base/errors.js";
import { rememberBoard } from "../../src/ports/known-boards.js";
import { createRig, eightBoards } from "../support/made-rig.js";
import type { MadeRig } from "../support/made-rig.js";

let rig: MadeRig;
beforeEach(() => {
  rig = createRig();
  for (const board of eightBoards) rig.plug(board);
});
afterEach(() => rig.end());

function place(...lines: readonly string[]): ReturnType<typeof placeBoards> {
  const { signal } = new AbortController();
  return placeBoards(portLines(lines.join("\n")), {
    discover: () => rig.discover(),
    waitForPortMs: 0,
    clock: systemClock,
    signal,
    say: () => undefined,
  });
}

const failure = (...lines: readonly string[]): Promise<FlashError> =>
  place(...lines).then(
    () => {
      throw new Error(`taken: ${lines.join(", ")}`);
    },
    (thrown: unknown) => toFlashError(thrown),
  );

const [one, other] = eightBoards;
if (one === undefined || other === undefined) throw new Error("two boards");

test("every: leads to each board that fits, under the path of its port", async () => {
  const fitting = eightBoards.filter(({ ids }) => ids === one.ids);
  const names = (await place(`every: usb:${one.ids}`)).map(({ name }) => name);
  expect(names.sort()).toEqual(fitting.map(({ tty }) => `${rig.devRoot}/${tty}`).sort());
});

test.each([
  ["a place and a path", (): string[] => [`location:${one.location}`, `${rig.devRoot}/${one.tty}`]],
  ["a pattern and one of its boards", (): string[] => [`every: usb:${one.ids}`, `location:${one.location}`]],
  ["two patterns", (): string[] => [`every: usb:${one.ids}`, `every:${rig.devRoot}/tty*`]],
])("%s that lead to one board are told, with both names", async (_, lines) => {
  const error = await failure(...lines());
  expect(error.code).toBe("port/same-board");
  expect(error.message).toContain(" and ");
});

test("what fits nothing is told: at once for every:, with the board itself for a line", async () => {
  expect(await failure("every: usb:ffff:ffff")).toMatchObject({ code: "port/not-found" });
  expect(await place("location:9-9", `location:${one.location}`)).toEqual([
    { name: "location:9-9" },
    { name: `location:${one.location}`, lockName: `usb-${one.location}` },
  ]);
});

test("where a MAC was met last is no proof that it is there now: nobody waits for it, and no other is taken for it", async () => {
  const bridge = eightBoards.find(({ serial }) => serial === undefined);
  if (bridge === undefined) throw new Error("a bridge without a serial number");
  const port = (await rig.discover()).find(({ usb }) => usb?.location === bridge.location);
  if (port === undefined) throw new Error("its port");
  rememberBoard(rig.devRoot, "24:6f:28:00:00:01", port);
  expect(await place("mac:24:6f:28:00:00:01", `location:${bridge.location}`)).toEqual([
    { name: "mac:24:6f:28:00:00:01" },
    { name: `location:${bridge.location}`, lockName: `usb-${bridge.location}` },
  ]);
});

test("two steps take the same boards in the same order, whatever theirs is", async () => {
  const lines = [`location:${one.location}`, "tcp://bench:4000", "virtual:esp32", `location:${other.location}`];
  const names = async (asked: readonly string[]): Promise<string[]> =>
    inLockOrder(await place(...asked)).map(({ name }) => name);
  expect(await names(lines)).toEqual(await names([...lines].reverse()));
});
