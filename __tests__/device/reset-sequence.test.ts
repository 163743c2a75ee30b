import fc from "fast-check";
import { parseResetSequence } from "../../src/device/reset-sequence.js";
import { openDevice } from "../../src/device/open-device.js";
import { codeOf } from "../support/code-of.js";
import { createDeviceBench } from "../support/device-bench.js";

const line = (dtr: boolean, rts: boolean): { dtr: boolean; rts: boolean } => ({ dtr, rts });

test("the classic sequence, as esptool's documentation writes it", () => {
  expect(parseResetSequence("D0|R1|W0.1|D1|R0|W0.05|D0")).toEqual([
    line(false, false),
    line(false, true),
    100,
    line(true, true),
    line(true, false),
    50,
    line(false, false),
  ]);
});

test("both lines at once", () => {
  expect(parseResetSequence("U1,1|U0,1|W2")).toEqual([line(true, true), line(false, true), 2000]);
});

test.each([
  "",
  "|",
  "D0|",
  "D2",
  "d0",
  "R",
  "U1",
  "U1,2",
  "D1,0",
  "W",
  "W-1",
  "W1e3",
  "W0x1",
  "W61",
  "D0 |R1",
  "D0||R1",
])("%j is refused, and the wrong step is named", (text) => {
  expect(codeOf(() => parseResetSequence(text))).toBe("input/invalid");
});

test("any text either reads as steps or is refused with an error of ours", () => {
  const token = fc.constantFrom("D0", "D1", "R0", "R1", "U0,1", "U1,1", "W0.1", "W60", "W", "X", "D", "1", ",", "");
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), fc.constantFrom("|", "", ";"), (tokens, divider) => {
      try {
        const steps = parseResetSequence(tokens.join(divider));
        expect(steps.every((step) => typeof step === "object" || (step >= 0 && step <= 60_000))).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ code: "input/invalid" });
      }
    }),
  );
});

test("a board is brought into its loader by the sequence that is given, and not by another", async () => {
  const connectBy = async (text: string): Promise<unknown> => {
    const bench = createDeviceBench("virtual:esp32");
    const options = {
      before: "default-reset",
      attempts: 1,
      baud: 115_200,
      resetSequence: parseResetSequence(text),
    } as const;
    return bench.run(() => openDevice(bench.connection, "auto", options, () => undefined));
  };
  await expect(connectBy("U0,0|U1,1|U0,1|W0.1|U1,0|W0.05|U0,0")).resolves.toMatchObject({ loader: "rom" });
  await expect(connectBy("D0|R1|W0.1|R0|W0.05")).rejects.toThrow(/started from flash|sent nothing/);
});
