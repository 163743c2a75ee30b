import { elfToImage } from "../../src/image/elf-to-image.js";
import { buildAppDescription } from "../../src/image/app-description.js";
import { elfFile } from "../support/elf-file.js";
import { digestOf, makeFirmware, openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";
import { hexRecord } from "../support/hex-file.js";
import { makeTgz, makeZip } from "../support/archives.js";
import { patternBytes } from "../support/images.js";

let bench: FirmwareBench;
beforeEach(() => {
  bench = openFirmwareBench();
});
afterEach(() => bench.dispose());

const at = (offset: number): { kind: "offset"; offset: number } => ({ kind: "offset", offset });
const hex = [
  hexRecord(4, 0, [0, 1]),
  hexRecord(0, 0, [1, 2, 3, 4]),
  hexRecord(0, 0x2000, [5, 6]),
  ":00000001FF",
  "",
].join("\r\n");
const elf = elfFile([
  {
    name: ".flash.appdesc",
    address: 0x42000020,
    bytes: buildAppDescription({
      version: "1",
      project: "blink",
      compileTime: "00:00:00",
      compileDate: "Jan  1 2025",
      idfVersion: "v5.3",
      elfSha256: "00".repeat(32),
    }),
  },
  { name: ".flash.text", address: 0x42010120, bytes: patternBytes(300) },
  { name: ".dram0.data", address: 0x40800000, bytes: patternBytes(200) },
]);
const elf8266 = elfFile(
  [
    { name: ".data", address: 0x3ffe8000, bytes: patternBytes(80) },
    { name: ".text", address: 0x40100000, bytes: patternBytes(201) },
    { name: ".irom0.text", address: 0x40202010, bytes: patternBytes(333) },
  ],
  0x40100004,
  0x5e,
);

describe("Intel HEX", () => {
  test.each(["on disk", "on a server", "in an archive", "in gzip in an archive"])(
    "%s gives its pieces",
    async (where) => {
      const { gzipSync } = await import("node:zlib");
      const server = await bench.serve((_request, response) => response.end(hex));
      const location = {
        "on disk": "fw.hex",
        "on a server": `${server.origin}/download?id=3`,
        "in an archive": "fw.tgz",
        "in gzip in an archive": "fw.zip",
      }[where];
      bench.put("fw.hex", hex);
      bench.put("fw.tgz", makeTgz([{ path: "fw.hex", bytes: Buffer.from(hex) }]));
      bench.put("fw.zip", makeZip([{ path: "fw.hex.gz", bytes: gzipSync(hex) }]));
      const { parts } = await bench.resolveSet(location ?? "");
      expect(parts.map(({ place, bytes }) => [place, [...bytes]])).toEqual([
        [at(0x10000), [1, 2, 3, 4]],
        [at(0x12000), [5, 6]],
      ]);
      expect(parts.map(({ name }) => name.replace(/^.*[/?]/, ""))).toEqual(
        [0x10000, 0x12000].map(
          (offset) => `${where === "on a server" ? "download" : "fw.hex"} @ 0x${offset.toString(16)}`,
        ),
      );
    },
  );

  test("is joined where two pieces lie in one sector", async () => {
    const lines = [hexRecord(0, 0x1ff0, [1]), hexRecord(0, 0x1ff4, [2]), hexRecord(0, 0x2000, [3]), ":00000001FF"];
    bench.put("fw.hex", lines.join("\n"));
    const { parts } = await bench.resolveSet("fw.hex");
    expect(parts.map(({ place, bytes }) => [place, [...bytes]])).toEqual([
      [at(0x1ff0), [1, 0xff, 0xff, 0xff, 2]],
      [at(0x2000), [3]],
    ]);
  });

  test("that is damaged is told with its line", async () => {
    bench.put("fw.hex", hex.replace(":04", ":05"));
    const error = await bench.failSet("fw.hex");
    expect(error.code).toMatch(/^image\//);
    expect(error.message).toMatch(/Line 2/);
  });

  test("says itself where it goes", async () => {
    bench.put("fw.hex", hex);
    const error = await bench.failSet("", { items: [{ location: "fw.hex", place: at(0x1000) }] });
    expect(error.code).toBe("input/conflict");
  });

  test("is data where another name and an offset say so", async () => {
    bench.put("fw.txt", hex);
    const { parts } = await bench.resolveSet("", { items: [{ location: "fw.txt", place: at(0x1000) }] });
    expect(parts).toMatchObject([{ name: "fw.txt", place: at(0x1000), sha256: digestOf(Buffer.from(hex)) }]);
  });
});

describe("an ELF file", () => {
  test("becomes the image that elf2image makes", async () => {
    bench.put("app.elf", elf);
    const items = [{ location: "app.elf", place: at(0x10000), sha256: digestOf(elf) }];
    const set = await bench.resolveSet("", { items, chip: "esp32c6" });
    expect(set.parts.map(({ bytes }) => digestOf(bytes))).toEqual([digestOf(elfToImage(elf, 13))]);
    expect(set.parts[0]?.place).toEqual(at(0x10000));
    expect(set.sha256).toBe(digestOf(elf));
  });

  test("does not say for which chip", async () => {
    bench.put("app.elf", elf);
    const error = await bench.failSet("app.elf");
    expect(error.code).toBe("firmware/chip");
    expect(error.message).toMatch(/set `chip`/);
  });

  test("of the ESP8266 becomes two files with their places", async () => {
    bench.put("app.elf", elf8266);
    const { parts } = await bench.resolveSet("app.elf", { chip: "esp8266" });
    expect(parts.map(({ place }) => place)).toEqual([at(0), at(0x2010)]);
  });

  test("that is cut short is told", async () => {
    bench.put("app.elf", elf.subarray(0, 60));
    expect((await bench.failSet("app.elf", { chip: "esp32c6" })).code).toBe("image/elf");
  });
});

describe("several files", () => {
  const [boot, app, data] = [makeFirmware(4000), makeFirmware(9000), makeFirmware(500)] as const;

  test("come each from its own kind of place", async () => {
    const server = await bench.serve((_request, response) => response.end(app));
    bench.put("boot.bin", boot);
    bench.put("fw.zip", makeZip([{ path: "data.bin", bytes: data }, { path: "other.bin" }]));
    const set = await bench.resolveSet("", {
      input: "files",
      items: [
        { location: "boot.bin", sha256: digestOf(boot), place: at(0x1000) },
        { location: `${server.origin}/app.bin?key=secret`, place: { kind: "partition", name: "ota_0" } },
        { location: "fw.zip#data.bin", place: { kind: "partition", name: "storage" } },
      ],
    });
    expect(set.parts.map(({ place, sha256 }) => [place, sha256])).toEqual([
      [at(0x1000), digestOf(boot)],
      [{ kind: "partition", name: "ota_0" }, digestOf(app)],
      [{ kind: "partition", name: "storage" }, digestOf(data)],
    ]);
    expect(set).toMatchObject({
      name: "boot.bin, app.bin, fw.zip#data.bin",
      sha256: undefined,
      source: "mixed",
      fromCache: false,
      downloadedBytes: app.length,
    });
  });

  test.each<[string, string, string, RegExp]>([
    ["a missing one", "none.bin", "firmware/not-found", /none\.bin/],
    ["a layout among them", "flash_args", "input/conflict", /flash_args says itself .* the line in `files`/],
    ["a wrong digest", "boot.bin", "firmware/sha256", /boot\.bin/],
    ["another scheme", "ftp://host/a.bin", "input/invalid", /^files does not take/],
  ])("fail by %s", async (_, location, code, message) => {
    bench.put("boot.bin", boot);
    bench.put("flash_args", "0x0 boot.bin");
    const items = [
      { location: "boot.bin", place: at(0) },
      { location, place: at(0x10000), ...(location === "boot.bin" ? { sha256: "0".repeat(64) } : {}) },
    ];
    const error = await bench.failSet("", { input: "files", items });
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});
