import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { inspectFirmware } from "../../src/image/inspect.js";
import { makeZip } from "../support/archives.js";
import { digestOf } from "../support/firmware-bench.js";
import { flasherArgs } from "../support/firmware-layouts.js";
import { startHttpServer } from "../support/http-server.js";
import { createStage } from "../support/step.js";
import type { Stage } from "../support/step.js";

// The parts of the demo as a build leaves them, and where they go.
const demo = buildDemoFirmware(chips.esp32);
const start = 0x1000;
const parts: Readonly<Record<string, Uint8Array>> = {
  "bootloader/bootloader.bin": demo.subarray(0, 0x7000),
  "partition_table/partition-table.bin": demo.subarray(0x7000, 0x8000),
  "blink.bin": demo.subarray(0x10000 - start),
};
const app = inspectFirmware(demo).apps[0]?.image.app;

let stage: Stage;
let flashFile: string;
beforeEach(() => {
  stage = createStage();
  flashFile = join(stage.workspace, "flash.bin");
  for (const [path, bytes] of Object.entries(parts)) put(`build/${path}`, bytes);
});
afterEach(() => stage.end());

function put(path: string, content: string | Uint8Array): void {
  const whole = join(stage.workspace, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
}
const board = (): { port: string } => ({ port: `virtual:esp32?flash=${flashFile}` });
const held = (offset: number, lengthBytes: number): string =>
  digestOf(readFileSync(flashFile).subarray(offset, offset + lengthBytes));

/** All parts are on the board; where the bootloader's header was changed, it is left out. */
function expectParts(hasPatchedHeader: boolean): void {
  const table = parts["partition_table/partition-table.bin"] ?? new Uint8Array();
  const blink = parts["blink.bin"] ?? new Uint8Array();
  expect(held(0x8000, table.length)).toBe(digestOf(table));
  expect(held(0x10000, blink.length)).toBe(digestOf(blink));
  if (!hasPatchedHeader) expect(held(start, 0x7000)).toBe(digestOf(demo.subarray(0, 0x7000)));
}

test("an ESP-IDF build is flashed from its flasher_args.json, and tells which app it was", async () => {
  put("build/flasher_args.json", flasherArgs());
  const end = await stage.runStep({ ...board(), "firmware-url": "build/flasher_args.json" });
  expect(end.outputs).toMatchObject({
    "error-code": "",
    verified: "true",
    "firmware-sha256": "",
    "app-version": app?.version,
    "app-project": "esp32-flash-action-demo",
    "app-elf-sha256": app?.elfSha256,
  });
  expectParts(false);
  expect(end.lines).toContainEqual(expect.stringMatching(/^blink\.bin: [\d,]+ bytes for 0x00010000, SHA-256/));
  expect(end.summary).toContain("esp32-flash-action-demo 1.0.");
});

test("an archive on a server is flashed, and pinned by its digest", async () => {
  const archive = makeZip(
    Object.entries({ ...parts, "flasher_args.json": Buffer.from(flasherArgs()) }).map(([path, bytes]) => {
      return { path: `blink-1.0/${path}`, bytes };
    }),
  );
  const server = await startHttpServer((_request, response) => response.end(archive));
  try {
    const inputs = { ...board(), "firmware-url": `${server.origin}/blink.zip`, sha256: digestOf(archive) };
    const end = await stage.runStep(inputs);
    expect(end.outputs).toMatchObject({ "error-code": "", verified: "true", "firmware-sha256": digestOf(archive) });
    expectParts(false);
  } finally {
    await server.close();
  }
});

test("files go to offsets and to partitions by their names", async () => {
  const files = [
    "0x1000 build/bootloader/bootloader.bin",
    "0x8000 build/partition_table/partition-table.bin",
    `factory build/blink.bin ${digestOf(parts["blink.bin"] ?? new Uint8Array())}`,
  ];
  const end = await stage.runStep({ ...board(), files: files.join("\n") });
  expect(end.outputs).toMatchObject({ "error-code": "", verified: "true", "app-project": "esp32-flash-action-demo" });
  expectParts(false);
});

test("flash settings of the inputs win over those of the layout", async () => {
  put("build/flasher_args.json", flasherArgs());
  const inputs = { ...board(), "firmware-url": "build/flasher_args.json", "flash-mode": "qio", "flash-freq": "80m" };
  const end = await stage.runStep(inputs);
  expect(end.outputs).toMatchObject({ "error-code": "", verified: "true" });
  expectParts(true);
  // esp_image_header_t: byte 2 the mode (0 QIO), byte 3 size 4 MB (2) and frequency 80 MHz (F).
  expect([...readFileSync(flashFile).subarray(start + 2, start + 4)]).toEqual([0, 0x2f]);
});

test("a partition that is preserved keeps what the board had", async () => {
  put("demo.bin", demo);
  await stage.runStep({ ...board(), "firmware-url": "demo.bin" });
  const flash = readFileSync(flashFile);
  flash.fill(0x5a, 0x9000, 0x9000 + 64);
  writeFileSync(flashFile, flash);
  const end = await stage.runStep({ ...board(), "firmware-url": "demo.bin", preserve: "nvs" });
  expect(end.outputs).toMatchObject({ "error-code": "", verified: "true" });
  expect(
    readFileSync(flashFile)
      .subarray(0x9000, 0x9040)
      .every((byte) => byte === 0x5a),
  ).toBe(true);
  expect(end.summary).toContain("Partitions that were kept: nvs");
});

test("parts that a layout wants encrypted are named in a warning", async () => {
  put("build/flasher_args.json", flasherArgs({ app: { offset: "0x10000", file: "blink.bin", encrypted: "true" } }));
  const end = await stage.runStep({ ...board(), "firmware-url": "build/flasher_args.json" });
  expect(end.lines).toContainEqual(expect.stringMatching(/^::warning.*marks parts for flash encryption: blink\.bin/));
  expect(end.outputs).toMatchObject({ "error-code": "", verified: "true" });
});

// What contradicts the layout, the inputs beside it, and the error's code.
test.each<[string, Record<string, string>, string]>([
  ["another chip", { chip: "esp32c3" }, "firmware/chip"],
  ["an offset", { offset: "0x1000" }, "input/conflict"],
  ["files too", { files: "0x0 a.bin" }, "input/conflict"],
  ["a digest of the layout alone", { sha256: digestOf(Buffer.from(flasherArgs())) }, "input/conflict"],
])("a layout and %s do not go together, and the port is not opened", async (_, inputs, code) => {
  put("build/flasher_args.json", flasherArgs());
  const port = process.platform === "win32" ? "COM99" : "/dev/no-such-board";
  const end = await stage.runStep({ port, "firmware-url": "build/flasher_args.json", ...inputs });
  expect(end.outputs["error-code"]).toBe(code);
});

test("a layout for a chip that nobody knows is told", async () => {
  put("build/flasher_args.json", flasherArgs({ extra_esptool_args: { chip: "esp99" } }));
  const end = await stage.runStep({ ...board(), "firmware-url": "build/flasher_args.json" });
  expect(end.outputs["error-code"]).toBe("chip/unknown");
});

test("the token and all secrets of the files are masked before anything is written", async () => {
  const end = await stage.runStep({
    ...board(),
    files: "0x1000 https://me:s3cret-pass@127.0.0.1:1/a.bin?key=abcdefgh12345 nonsense",
    token: "ghs_0123456789abcdef",
  });
  const firstOther = end.lines.findIndex((line) => !line.startsWith("::add-mask::"));
  expect(end.lines.slice(0, firstOther)).toEqual(
    expect.arrayContaining(["::add-mask::s3cret-pass", "::add-mask::ghs_0123456789abcdef"]),
  );
  expect(end.lines.slice(firstOther).join("\n")).not.toMatch(/s3cret|abcdefgh12345|ghs_/);
});
