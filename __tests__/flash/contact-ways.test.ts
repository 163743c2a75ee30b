import { FlashError } from "../../src/base/errors.js";
import type { ErrorCode } from "../../src/base/errors.js";
import type { Device } from "../../src/device/device.js";
import { contactAgain, contactBoard } from "../../src/flash/contact.js";
import type { Approach } from "../../src/flash/contact.js";

const device = {} as Device;
const first: Approach = { baud: 115_200, attempts: 7, port: "as it is" };

/** Answers at the approach of this number; before that it fails with the codes, the last of them again and again. */
function answering(
  atTry: number,
  ...codes: readonly ErrorCode[]
): {
  tried: Approach[];
  open: (approach: Approach) => Promise<Device>;
} {
  const tried: Approach[] = [];
  return {
    tried,
    open(approach) {
      tried.push(approach);
      if (tried.length === atTry) return Promise.resolve(device);
      const code = codes[tried.length - 1] ?? codes.at(-1) ?? "connect/silent";
      return Promise.reject(new FlashError(code, `try ${tried.length}.`));
    },
  };
}

type Deps = Parameters<typeof contactBoard>[2];
const deps = (changes: Partial<Deps> = {}): Deps => ({
  canReset: true,
  hasRate: true,
  powerCycle: undefined,
  say: () => undefined,
  ...changes,
});

test("a board that answers at once is asked once, as the job says", async () => {
  const { tried, open } = answering(1);
  expect(await contactBoard(first, open, deps())).toBe(device);
  expect(tried).toEqual([first]);
});

test("the ways are tried in order until one answers", async () => {
  const powerCycle = (): Promise<string> => Promise.resolve("switched");
  const ways: readonly Approach[] = [
    first,
    { baud: 115_200, attempts: 2, port: "reopened" },
    { baud: 57_600, attempts: 2, port: "as it is" },
    { baud: 115_200, attempts: 7, port: "reopened" },
  ];
  for (const atTry of [2, 3, 4]) {
    const { tried, open } = answering(atTry, "connect/no-sync");
    expect(await contactBoard(first, open, deps({ powerCycle }))).toBe(device);
    expect(tried).toEqual(ways.slice(0, atTry));
  }
});

test("where nothing helps, the first verdict is told with all that was tried", async () => {
  const said: string[] = [];
  const { open } = answering(9, "connect/no-reply", "connect/silent");
  const trying = contactBoard(
    first,
    open,
    deps({ powerCycle: () => Promise.resolve("switched"), say: (level, text) => void said.push(`${level}: ${text}`) }),
  );
  await expect(trying).rejects.toMatchObject({
    code: "connect/no-reply",
    message:
      "try 1. Tried: reset and called 7 times at 115200 baud; opened the port anew; called at 57600 baud; switched.",
  });
  expect(said).toEqual([
    "info: No answer: reset and called 7 times at 115200 baud.",
    "info: No answer: opened the port anew.",
    "info: No answer: called at 57600 baud.",
    "warning: The board does not answer: its power is switched off and on.",
    "info: No answer: switched.",
  ]);
  const once = contactBoard({ ...first, attempts: 1 }, answering(9).open, deps());
  await expect(once).rejects.toThrow("Tried: reset and called once at 115200 baud; opened the port anew;");
});

test("a lower rate is no way where the port has none, or is as low already", async () => {
  for (const [changes, baud] of [
    [{ hasRate: false }, 115_200],
    [{}, 57_600],
  ] as const) {
    const { tried, open } = answering(9);
    await expect(contactBoard({ ...first, baud, attempts: 1 }, open, deps(changes))).rejects.toThrow(
      "opened the port anew.",
    );
    expect(tried.map(({ attempts }) => attempts)).toEqual([1, 1]);
  }
});

test("a board that may not be reset is only called", async () => {
  const { tried, open } = answering(9);
  await expect(contactBoard(first, open, deps({ canReset: false }))).rejects.toThrow(
    "Tried: called 7 times at 115200 baud.",
  );
  expect(tried).toHaveLength(1);
});

test.each<ErrorCode>(["connect/run-mode", "port/lost", "connect/brownout"])(
  "a board that tells its trouble is not tried otherwise: %s",
  async (code) => {
    const { tried, open } = answering(9, code);
    await expect(contactBoard(first, open, deps())).rejects.toMatchObject({ code, message: "try 1." });
    await expect(contactAgain(first, open)).rejects.toMatchObject({ code });
    expect(tried).toHaveLength(2);
  },
);

test("a board that has answered before is asked once more with the port opened anew", async () => {
  const { tried, open } = answering(2, "connect/no-reply");
  expect(await contactAgain(first, open)).toBe(device);
  expect(tried).toEqual([first, { baud: 115_200, attempts: 2, port: "reopened" }]);
  const gone = answering(9, "connect/silent");
  await expect(contactAgain({ ...first, attempts: 1 }, gone.open)).rejects.toMatchObject({ message: "try 2." });
  expect(gone.tried[1]?.attempts).toBe(1);
});
