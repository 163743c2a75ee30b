import { chips } from "../../src/chips/index.js";
import { alignUp } from "../../src/base/bytes.js";
import type { EraseMode } from "../../src/flash/job.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { defaultBoardOptions } from "../../src/virtual/board-options.js";
import { formatMac } from "../../src/virtual/mac.js";
import { siliconNames, silicons } from "../../src/virtual/silicon-table.js";
import type { SiliconName } from "../../src/virtual/silicon-table.js";
import { orderFaults } from "../support/event-order.js";
import { patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";

const MIB = 0x100000;
const FLASH_BYTES = 4 * MIB;
const BLANK_32_MIB = new Uint8Array(32 * MIB).fill(0xff);
const loaders = ["rom", "stub"] as const;
const encodings = ["plain", "deflate"] as const;
const erases = ["all", "touched"] as const satisfies readonly EraseMode[];

interface Cell {
  readonly chip: SiliconName;
  readonly loader: (typeof loaders)[number];
  readonly encoding: (typeof encodings)[number];
  readonly erase: (typeof erases)[number];
}

/** Cells that the silicon cannot do, each with its reason. */
const leftOut: readonly (Partial<Cell> & { readonly reason: string })[] = [
  { chip: "esp32h21", loader: "stub", reason: "Espressif has published no stub for it" },
  { chip: "esp32e22", loader: "stub", reason: "Espressif has published no stub for it" },
  { chip: "esp8266", loader: "rom", encoding: "deflate", reason: "its ROM knows no FLASH_DEFL commands" },
  { chip: "esp32", loader: "rom", encoding: "deflate", reason: "its ROM writes old bytes behind what it inflates" },
];
/** The ROM of the ESP8266 has no MD5: these cells run, but their result is not verified. */
const isUnverified = ({ chip, loader }: Cell): boolean => chip === "esp8266" && loader === "rom";

function reasonFor(cell: Cell): string | undefined {
  return leftOut.find(({ chip, loader, encoding }) => {
    return chip === cell.chip && loader === cell.loader && (encoding ?? cell.encoding) === cell.encoding;
  })?.reason;
}

const allCells: readonly Cell[] = siliconNames.flatMap((chip) =>
  loaders.flatMap((loader) =>
    encodings.flatMap((encoding) => erases.map((erase) => ({ chip, loader, encoding, erase }))),
  ),
);
const cells = allCells.filter((cell) => reasonFor(cell) === undefined);
const nameOf = ({ chip, loader, encoding, erase }: Cell): string => `${chip}, ${loader}, ${encoding}, ${erase}`;

/** Each takes some 50 ms to build, and every chip is in up to eight cells. */
const built = new Map<string, Uint8Array>();
function demoFirmware(chip: SiliconName, variant = 0): Uint8Array {
  const key = `${chip} ${variant}`;
  const firmware = built.get(key) ?? buildDemoFirmware(chips[chip], variant);
  built.set(key, firmware);
  return firmware;
}

/** A board in use: an older version, settings, and a file system further up. */
function usedFlash(chip: SiliconName): Uint8Array {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  flash.set(demoFirmware(chip, 1), chips[chip].bootloaderOffset);
  flash.set(patternBytes(0x2000, 5), 0x9000);
  flash.set(patternBytes(0x5000, 6), 0x300000);
  return flash;
}

/** What the flash shall hold, by the words of the README and not by the engine's code. */
function wantedFlash(before: Uint8Array, erase: EraseMode, offset: number, image: Uint8Array): Uint8Array {
  const flash = erase === "all" ? new Uint8Array(before.length).fill(0xff) : before.slice();
  flash.fill(0xff, offset, alignUp(offset + image.length, 0x1000));
  flash.set(image, offset);
  return flash;
}

describe("every chip × loader × encoding × erase", () => {
  test.each(cells.map((cell) => [nameOf(cell), cell] as const))("%s", async (_, cell) => {
    const { chip, loader, encoding, erase } = cell;
    const offset = chips[chip].bootloaderOffset;
    const image = demoFirmware(chip);
    const before = usedFlash(chip);
    const bench = createJobBench(`virtual:${chip}?flash-size=4MB`, before);
    const end = await bench.run(
      flashJob([flashImage("demo.bin", offset, image)], {
        chip,
        erase,
        stub: loader === "stub",
        compress: encoding === "deflate",
        allow: new Set(isUnverified(cell) ? ["unverified"] : []),
      }),
    );
    expect(end.error?.message).toBeUndefined();
    expect(Buffer.compare(bench.board.flash.bytes, wantedFlash(before, erase, offset, image))).toBe(0);
    expect(end.result).toMatchObject({
      chip,
      verified: !isUnverified(cell),
      identity: { mac: formatMac(defaultBoardOptions.mac), revision: silicons[chip].defaultRevision },
      flashSizeBytes: FLASH_BYTES,
      retries: 0,
    });
    expect(bench.board.flash.weakSectors).toEqual([]);
    // The board runs what was flashed, and its eFuses are as they were.
    expect(bench.board.inDownloadMode).toBe(false);
    expect(bench.board.counters.efuseWrites).toBe(0);
    if (!isUnverified(cell)) expect(orderFaults(end.events, "success")).toEqual([]);
  });

  const far = siliconNames.filter((name) => chips[name].maxFlashBytes > 16 * MIB);
  test.each(far)("%s writes above 16 MiB with its stub", async (chip) => {
    const offset = 24 * MIB;
    const bytes = patternBytes(0x5000, 7);
    const bench = createJobBench(`virtual:${chip}?flash-size=32MB`);
    const image = flashImage("data.bin", offset, bytes);
    const end = await bench.run(flashJob([image], { chip, erase: "touched" }));
    expect(end.result).toMatchObject({ verified: true, flashSizeBytes: 32 * MIB });
    expect(Buffer.compare(bench.board.flash.bytes, wantedFlash(BLANK_32_MIB, "touched", offset, bytes))).toBe(0);
  });

  test("leaves out nothing but what the silicon cannot do", () => {
    const without = (select: (name: SiliconName) => boolean): SiliconName[] => siliconNames.filter(select);
    expect(without((name) => chips[name].loadStub === undefined).sort()).toEqual(["esp32e22", "esp32h21"]);
    expect(without((name) => !chips[name].romDialect.inflates)).toEqual(["esp8266", "esp32"]);
    expect(without((name) => chips[name].romDialect.md5Reply === "none")).toEqual(["esp8266"]);
    expect({ all: allCells.length, run: cells.length }).toEqual({ all: 120, run: 108 });
  });
});
