import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { readActionYml, subFolders } from "../support/action-yml.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";
import { patternBytes } from "../support/images.js";

/** A board in use: firmware with a partition table, settings in `nvs`, files at 3 MiB. */
const used = new Uint8Array(0x400000).fill(0xff);
used.set(buildDemoFirmware(esp32), 0x1000);
used.set(patternBytes(0x2000, 7), 0x9000);
used.set(patternBytes(0x3000, 8), 0x300000);

let action: BuiltAction;
let board: string;
let port: string;
beforeEach(() => {
  action = installBuiltAction();
  board = path.join(action.workspace, "board.flash");
  writeFileSync(board, used);
  port = `virtual:esp32?flash=${board}`;
});
afterEach(() => action.end());

const flash = (): Uint8Array => readFileSync(board);
function blankAt(...ranges: readonly (readonly [offset: number, lengthBytes: number])[]): Uint8Array {
  const bytes = used.slice();
  for (const [offset, lengthBytes] of ranges) bytes.fill(0xff, offset, offset + lengthBytes);
  return bytes;
}
const isBlank = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0xff);
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

test("each writes the outputs that its action.yml declares, on success and on failure", async () => {
  const inputs = {
    reset: { port, "boot-timeout": "5", settle: "0" },
    monitor: { port, "listen-timeout": "1" },
    list: {},
    info: { port },
    read: { port, file: "a.bin", length: "0x1000" },
    erase: { port, regions: "nvs" },
  };
  for (const folder of subFolders) {
    const declared = Object.keys(readActionYml(folder).outputs);
    const good = await action.sub(folder).run(inputs[folder]);
    expect(good.log).not.toContain("::error");
    expect({ folder, exitCode: good.exitCode, outputs: Object.keys(good.outputs) }).toEqual({
      folder,
      exitCode: 0,
      outputs: declared,
    });
    const bad = await action.sub(folder).run({ ...inputs[folder], timeout: "soon" });
    expect({ folder, exitCode: bad.exitCode, outputs: Object.keys(bad.outputs) }).toEqual({
      folder,
      exitCode: 1,
      outputs: declared,
    });
    expect(bad.outputs["error-code"]).toBe("input/invalid");
  }
});

describe("erase", () => {
  test("makes a partition and a range blank, and nothing else", async () => {
    const erase = action.sub("erase");
    const end = await erase.run({ port, regions: "nvs\n0x300000 0x2000" });
    expect(end.outputs).toMatchObject({
      verified: "true",
      skipped: "false",
      "lost-partitions": "nvs",
      "error-code": "",
    });
    expect(same(flash(), blankAt([0x9000, 0x6000], [0x300000, 0x2000]))).toBe(true);
    expect(end.summary).toContain("ESP32 flash erased");

    const again = await erase.run({ port, regions: "nvs" });
    expect(again.outputs).toMatchObject({ verified: "true", skipped: "true", "bytes-changed": "0" });
  });

  test("makes the whole flash blank but for what is kept, and the table that says where that is", async () => {
    const end = await action.sub("erase").run({ port, regions: "all", preserve: "nvs" });
    expect(end.outputs).toMatchObject({ verified: "true", "error-code": "" });
    expect(same(flash().subarray(0x9000, 0xf000), used.subarray(0x9000, 0xf000))).toBe(true);
    expect(same(flash().subarray(0x8000, 0x9000), used.subarray(0x8000, 0x9000))).toBe(true);
    expect(isBlank(flash().subarray(0, 0x8000)) && isBlank(flash().subarray(0xf000))).toBe(true);
  });

  test.each([
    ["a line that is no region", { regions: "0x9000", setting: "" }, "input/invalid"],
    [
      "a board with a signed bootloader",
      { regions: "all", setting: "&security=secure-boot-v1" },
      "security/secure-boot-v1",
    ],
  ])("refuses %s, and changes nothing", async (_, { regions, setting }, code) => {
    const end = await action.sub("erase").run({ port: `${port}${setting}`, regions });
    expect({ code: end.outputs["error-code"], exitCode: end.exitCode }).toEqual({ code, exitCode: 1 });
    expect(same(flash(), used)).toBe(true);
  });
});

describe("read", () => {
  test("writes a partition and a range to files that are the flash's bytes", async () => {
    const read = action.sub("read");
    const nvs = await read.run({ port, partition: "nvs", file: "saved/nvs.bin" });
    const file = path.join(action.workspace, "saved", "nvs.bin");
    const bytes = used.subarray(0x9000, 0xf000);
    expect(nvs.outputs).toMatchObject({
      file,
      offset: "0x00009000",
      length: String(0x6000),
      md5: createHash("md5").update(bytes).digest("hex"),
      sha256: createHash("sha256").update(bytes).digest("hex"),
      verified: "true",
      "error-code": "",
    });
    expect(same(readFileSync(file), bytes)).toBe(true);

    const range = await read.run({ port, offset: "0x2ffff0", length: "33", file: "range.bin" });
    expect(range.outputs["error-code"]).toBe("");
    expect(same(readFileSync(path.join(action.workspace, "range.bin")), used.subarray(0x2ffff0, 0x300011))).toBe(true);
    expect(same(flash(), used)).toBe(true);
  });

  test.each([
    ["two things at once", { partition: "nvs", offset: "0", file: "a.bin" }, "input/conflict"],
    ["to a folder", { length: "16", file: "." }, "job/file"],
  ])("refuses %s", async (_, inputs, code) => {
    const end = await action.sub("read").run({ port, ...inputs });
    expect({ code: end.outputs["error-code"], exitCode: end.exitCode }).toEqual({ code, exitCode: 1 });
  });
});

describe("info", () => {
  test("tells what the board is and what its eFuses forbid", async () => {
    const end = await action.sub("info").run({ port: `${port}&security=secure-boot-v1,flash-encryption` });
    expect(end.outputs).toMatchObject({
      chip: "esp32",
      mac: "4c:11:ae:b9:90:54",
      "flash-size": "4MB",
      "secure-boot": "v1",
      "flash-encryption": "true",
      "secure-download": "false",
      "error-code": "",
    });
    expect(JSON.parse(end.outputs.info ?? "")).toMatchObject({ chip: "esp32", security: { secureBootV1: true } });
    expect(end.summary).toContain("4c:11:ae:b9:90:54");
    expect(same(flash(), used)).toBe(true);
  });

  test("leaves another board than `expect-mac` alone", async () => {
    const end = await action.sub("info").run({ port, "expect-mac": "00:00:00:00:00:01" });
    expect(end.outputs).toMatchObject({ "error-code": "chip/wrong-board", mac: "4c:11:ae:b9:90:54", chip: "esp32" });
  });
});
