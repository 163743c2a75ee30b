import { words } from "../../src/base/bytes.js";
import type { BoardBench } from "../support/board-bench.js";
import { createBench, SYNC } from "../support/board-bench.js";
import { readRegister } from "../support/board-chips.js";

const CK8M_FREQ = 0x3ff5a010;
const RTCCALICFG1 = 0x3ff5f06c;

/** The crystal as esptool computes it from what the ROM measured (esptool `targets/esp32.py` at bb72741), in Hz. */
function estimateHz(efuse: number, calibration: number): number {
  return ((calibration >>> 7) * 15_625 * (efuse & 0xff)) / 40;
}

test.each([40, 26])(
  "ESP32 with calibrated clock: the ROM's estimate of %i MHz leads to the right rate",
  async (mhz) => {
    const bench = createBench({ security: ["clock-calibration"], crystalMhz: mhz });
    await bench.pass(10);
    await bench.intoRom();
    const found = estimateHz(await readRegister(bench, CK8M_FREQ), await readRegister(bench, RTCCALICFG1));
    expect(Math.abs(found / (mhz * 1e6) - 1)).toBeLessThan(0.005);

    const asked = Math.floor((460_800 * found) / (mhz * 1e6));
    expect(await bench.request(0x0f, words(asked, 0))).toHaveLength(1);
    bench.board.setHostBaud(460_800);
    expect(await bench.request(0x08, SYNC)).toHaveLength(8);
  },
);

/** Whether the chip answers at 460800 baud once it was told `first` and `second` by CHANGE_BAUDRATE. */
async function hears460800(bench: BoardBench, first: number, second: number): Promise<boolean> {
  await bench.request(0x0f, words(first, second));
  bench.board.setHostBaud(460_800);
  return (await bench.request(0x08, SYNC)).length === 8;
}

test.each([
  { what: "a rate, which it gets wrong without the eFuse", options: {}, words: [460_800, 0], right: false },
  {
    what: "a rate, with an oscillator that is known",
    options: { security: ["clock-calibration"] },
    words: [460_800, 0],
  },
  { what: "its divider", options: {}, words: [1389, 1] },
  { what: "its divider with a crystal of 26 MHz", options: { crystalMhz: 26 }, words: [903, 1] },
] as const)("the ROM is told $what", async ({ options, words: [first, second], ...expected }) => {
  const bench = createBench({ ...options, revision: 100 });
  await bench.pass(10);
  await bench.intoRom();
  expect(await hears460800(bench, first, second)).toBe(!("right" in expected));
});

test("a crystal that somebody noted for the ROM is believed", async () => {
  const bench = createBench();
  await bench.pass(10);
  await bench.intoRom();
  const steps = 40_000_000 / 4096;
  const note = Math.floor(steps) * 0x10001;
  expect(await bench.request(0x09, words(0x3ff480b4, note, 0xffffffff, 0))).toHaveLength(1);
  expect(await hears460800(bench, 460_800, 0)).toBe(true);
});

test("the recorded ESP32 has no such eFuse", async () => {
  const bench = createBench();
  await bench.pass(10);
  await bench.intoRom();
  expect(await readRegister(bench, CK8M_FREQ)).toBe(0);
});
