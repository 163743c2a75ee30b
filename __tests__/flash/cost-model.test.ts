import { costsOf, firstQuestionBytes, paysToAsk, paysToLeaveOut, sampleCount } from "../../src/flash/cost-model.js";
import { flashHoldsUpWire, writeRunMs } from "../../src/flash/cost-model.js";

const fast = costsOf({ loader: "stub", baud: 921_600 });
const slow = costsOf({ loader: "stub", baud: 115_200 });
const rom = costsOf({ loader: "rom", baud: 115_200 });
/** A bridge that holds bytes for 16 ms each way. */
const late = costsOf({ loader: "stub", baud: 921_600, quickestAnswerMs: 33 });

describe("the cost model", () => {
  test("a 1.2 MB image over 921600 baud takes what the wire takes, within a tenth", () => {
    expect(writeRunMs(fast, 1_247_280) / ((787_794 * 10_000) / 921_600)).toBeCloseTo(1, 1);
  });

  test("it pays to look for the sectors of a block that mostly is right, and not where all has changed", () => {
    for (const costs of [fast, slow, rom]) {
      expect(paysToAsk(costs, 0x10000, { sameShare: 0.9, change: "write" })).toBe(true);
      expect(paysToAsk(costs, 0x10000, { sameShare: 0.01, change: "write" })).toBe(false);
    }
  });

  test("where each question takes long, questions cover more and stop sooner", () => {
    expect(firstQuestionBytes(late)).toBeGreaterThan(firstQuestionBytes(fast));
    expect(paysToAsk(late, 0x10000, { sameShare: 0.5, change: "write" })).toBe(false);
    expect(paysToAsk(fast, 0x10000, { sameShare: 0.5, change: "write" })).toBe(true);
  });

  test("a few sectors that shall be blank are not looked for one by one", () => {
    expect(paysToAsk(fast, 0x2000, { sameShare: 0.1, change: "erase" })).toBe(false);
  });

  test("samples are taken of what is long, and are cheap beside it", () => {
    expect(sampleCount(fast, 0x8000, "other")).toBe(0);
    expect(sampleCount(fast, 0x130000, "other")).toBeGreaterThan(4);
    expect(sampleCount(fast, 0x130000, "blank")).toBeGreaterThan(1);
  });

  test("blocks end with the windows where the flash is slower than the wire, and answers come soon", () => {
    expect(flashHoldsUpWire(fast)).toBe(true);
    expect(flashHoldsUpWire(slow)).toBe(false);
    expect(flashHoldsUpWire(late)).toBe(false);
  });

  test("a short run of FF goes with its image, a long one is left out", () => {
    expect(paysToLeaveOut(fast, 0x1000)).toBe(false);
    expect(paysToLeaveOut(fast, 0x10000)).toBe(true);
  });
});
