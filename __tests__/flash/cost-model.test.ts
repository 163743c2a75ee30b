import { costsOf, firstQuestionBytes, paysToAsk, paysToLeaveOut, sampleCount } from "../../src/flash/cost-model.js";
import { changeMs, flashHoldsUpWire, writePace, writeRunMs } from "../../src/flash/cost-model.js";

const fast = costsOf({ loader: "stub", baud: 921_600 });
const slow = costsOf({ loader: "stub", baud: 115_200 });
/** A chip's own USB port. */
const usb = costsOf({ loader: "stub", baud: undefined });
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

  test("at 2,000,000 baud the flash writes one window while a block is on the wire, at 115200 more than come in one", () => {
    // A block takes 82 ms and a window 51.
    expect(writePace(costsOf({ loader: "stub", baud: 2_000_000 })).windowsAtOnce).toBe(1);
    expect(writePace(fast).windowsAtOnce).toBe(3);
    expect(writePace(slow).windowsAtOnce).toBeGreaterThan(20);
    expect(writePace(usb).windowsAtOnce).toBe(1);
  });

  test("a round trip costs what the wire could carry meanwhile", () => {
    expect(writePace(slow).roundTripBytes).toBe(Math.round((slow.roundTripMs * 115_200) / 10_000));
    expect(writePace(late).roundTripBytes).toBe(Math.round((33 * 921_600) / 10_000));
  });

  test("a short run of FF goes with its image, a long one is left out", () => {
    expect(paysToLeaveOut(fast, 0x1000)).toBe(false);
    expect(paysToLeaveOut(fast, 0x10000)).toBe(true);
  });

  test("a question and its answer are 60 bytes and 2 ms, or as quick as the quickest answer so far", () => {
    expect(slow.roundTripMs).toBeCloseTo(2 + 600_000 / 115_200, 6);
    expect(fast.roundTripMs).toBeCloseTo(2 + 600_000 / 921_600, 6);
    expect(late.roundTripMs).toBe(33);
    expect(costsOf({ loader: "stub", baud: 115_200, quickestAnswerMs: 5 })).toEqual(slow);
    expect(usb.roundTripMs).toBeCloseTo(2 + 60 / 600, 6);
  });

  test("a KiB of firmware is 645 bytes on the wire, and the ROM's MD5 is six times slower than the stub's", () => {
    expect(slow.wireMsPerKibibyte).toBeCloseTo((0.63 * 1024 * 10_000) / 115_200, 6);
    expect(usb.wireMsPerKibibyte).toBeCloseTo((0.63 * 1024) / 600, 6);
    expect(rom.md5MsPerKibibyte / slow.md5MsPerKibibyte).toBeCloseTo(6, 6);
  });

  test("an erase goes by blocks of 150 ms and, for the rest, by sectors of 45 ms that were begun", () => {
    const eraseMs = (lengthBytes: number): number => changeMs(fast, lengthBytes, "erase");
    expect([0x1000, 0x1001, 0xf000, 0x10000, 0x11000, 0x30000].map(eraseMs)).toEqual([45, 90, 675, 150, 195, 450]);
  });

  test("a write takes as long as the slower of wire and flash, the other's first sector, and three answers", () => {
    const wireMs = (costs: typeof fast, kibibytes: number): number => costs.wireMsPerKibibyte * kibibytes;
    expect(changeMs(slow, 0x20000, "write")).toBeCloseTo(
      wireMs(slow, 128) + (300 + 1.6 * 128) / 32 + 3 * slow.roundTripMs,
      6,
    );
    expect(changeMs(usb, 0x20000, "write")).toBeCloseTo(
      300 + 1.6 * 128 + wireMs(usb, 128) / 32 + 3 * usb.roundTripMs,
      6,
    );
    expect(changeMs(fast, 0x800, "write")).toBeCloseTo(45 + 3.2 + wireMs(fast, 2) + 3 * fast.roundTripMs, 6);
  });

  test("a first question covers 64 KiB, more where answers are late, and 16 MiB at most", () => {
    const quickRom = costsOf({ loader: "rom", baud: 921_600 });
    expect([quickRom, fast, rom, late].map(firstQuestionBytes)).toEqual([0x10000, 0x40000, 0x40000, 0x400000]);
    expect(firstQuestionBytes({ ...fast, roundTripMs: 1e9 })).toBe(0x1000000);
  });

  test("six samples are taken of what holds something, two of what begins blank", () => {
    expect(sampleCount(fast, 0x130000, "other")).toBe(6);
    expect(sampleCount(fast, 0x130000, "blank")).toBe(2);
    const samplesMs = 6 * (fast.roundTripMs + 4 * fast.md5MsPerKibibyte);
    const payingBytes = Math.ceil((4 * samplesMs * 1024) / fast.md5MsPerKibibyte);
    expect(sampleCount(fast, payingBytes + 1, "other")).toBe(6);
    expect(sampleCount(fast, payingBytes - 1024, "other")).toBe(0);
  });

  test("within a block the way down to sectors counts as a whole, above it only the next four questions", () => {
    const pays = (lengthBytes: number, askMs: number): void => {
      for (const [factor, expected] of [
        [1.01, true],
        [0.99, false],
      ] as const) {
        const sameShare = (factor * askMs) / changeMs(fast, lengthBytes, "write");
        expect(paysToAsk(fast, lengthBytes, { sameShare, change: "write" })).toBe(expected);
      }
    };
    const md5Ms = (lengthBytes: number): number => (fast.md5MsPerKibibyte * lengthBytes) / 1024;
    pays(0x40000, md5Ms(0x40000) + 4 * fast.roundTripMs);
    pays(0x10000, 2 * md5Ms(0x10000) + 20 * fast.roundTripMs);
    pays(0x4000, md5Ms(0x4000) + 4 * fast.roundTripMs);
  });

  test("a run of FF is left out where programming it takes longer than four answers and a sector's erase", () => {
    const bytes = ((4 * fast.roundTripMs + 45) / 1.6) * 1024;
    expect(paysToLeaveOut(fast, bytes + 8)).toBe(true);
    expect(paysToLeaveOut(fast, bytes - 8)).toBe(false);
  });
});
