import { chips } from "../../src/chips/index.js";
import { allowances } from "../../src/flash/job.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { inspectFirmware } from "../../src/image/inspect.js";
import { noise } from "../../src/virtual/noise.js";
import { createJobBench } from "../support/job-bench.js";
import { flashRequest, part, runRequest } from "../support/requests.js";

const FLIPS_EACH = 67;

/** The stretches of a merged file that are images. */
function imageExtents(file: Uint8Array): { readonly from: number; readonly to: number }[] {
  const { image, imageOffset, apps } = inspectFirmware(file);
  return [{ image, offset: imageOffset }, ...apps].map(({ image: found, offset }) => ({
    from: offset,
    to: offset + (found?.lengthBytes ?? 0),
  }));
}

/** ESP8266 images have no digest: nobody can tell a wrong bit in mode, entry or load address. */
function isCovered(chip: string, at: number, file: Uint8Array): boolean {
  if (chip !== "esp8266") return true;
  const { segments = [] } = inspectFirmware(file).image ?? {};
  const end = Math.max(...segments.map(({ offset, lengthBytes }) => offset + lengthBytes));
  const inAddress = segments.some(({ offset }) => at >= offset - 8 && at < offset - 4);
  const inPadding = at >= end && at < file.length - 1;
  return !(at >= 2 && at < 8) && !inAddress && !inPadding;
}

function flips(chip: string, file: Uint8Array): { readonly at: number; readonly bit: number }[] {
  const places = imageExtents(file).flatMap(({ from, to }) => [
    // Headers are few bytes with many meanings, so they get a third of the flips.
    { from, to: from + 32 },
    { from, to },
    { from, to },
  ]);
  return Array.from({ length: FLIPS_EACH * 2 }, (_, index) => {
    const { from, to } = places[index % places.length] ?? { from: 0, to: 1 };
    return { at: from + (noise(chip.length, index, from) % (to - from)), bit: noise(7, index) % 8 };
  })
    .filter(({ at }) => isCovered(chip, at, file))
    .slice(0, FLIPS_EACH);
}

describe.each(["esp8266", "esp32", "esp32s3", "esp32c3", "esp32c6", "esp32p4"] as const)(
  "%s, one bit wrong",
  (chip) => {
    test(`${FLIPS_EACH} places: the job is refused before anything is erased`, async () => {
      const file = buildDemoFirmware(chips[chip]);
      const wrongBits = flips(chip, file);
      expect(wrongBits).toHaveLength(FLIPS_EACH);
      const bench = createJobBench(`virtual:${chip}`);
      for (const { at, bit } of wrongBits) {
        const damaged = file.slice();
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        const parts = [part("firmware.bin", undefined, damaged)];
        const { code } = await runRequest(bench, flashRequest(parts, { chip }));
        expect([at, bit, code]).not.toEqual([at, bit, "success"]);
        const placed = [part("firmware.bin", chips[chip].bootloaderOffset, damaged)];
        const request = flashRequest(placed, { chip });
        const { code: placedCode } = await runRequest(bench, request);
        expect([at, bit, placedCode]).not.toEqual([at, bit, "success"]);
        // Where the file is still known for what it is, no allowance helps.
        if (!placedCode.startsWith("image/")) continue;
        const insisting = await runRequest(bench, { ...request, allow: new Set(allowances) });
        expect([at, bit, insisting.code]).toEqual([at, bit, placedCode]);
      }
      expect(bench.board.counters).toMatchObject({ erasedSectors: 0, programmedBytes: 0 });
    });
  },
);
