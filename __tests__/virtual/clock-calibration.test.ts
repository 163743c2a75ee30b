import { words } from "../../src/base/bytes.js";
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

test("the recorded ESP32 has no such eFuse", async () => {
  const bench = createBench();
  await bench.pass(10);
  await bench.intoRom();
  expect(await readRegister(bench, CK8M_FREQ)).toBe(0);
});
