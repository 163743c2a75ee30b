import { readInputs } from "../../src/action/inputs.js";
import type { Inputs } from "../../src/action/inputs.js";
import { firmwareWishes } from "../../src/action/plans.js";
import { encryptionRemark, planRequest } from "../../src/action/plan-request.js";
import type { FirmwareSet } from "../../src/firmware/firmware.js";

const read = (given: Readonly<Record<string, string>>): Inputs =>
  readInputs((name) => ({ port: "virtual:esp32", "firmware-url": "a.bin", ...given })[name] ?? "");

const firmware: FirmwareSet = {
  name: "flasher_args.json",
  sha256: undefined,
  parts: [{ name: "app.bin", bytes: new Uint8Array(1), sha256: "ab".repeat(32), place: { kind: "offset", offset: 0 } }],
  settings: { mode: "dio", frequency: "40m" },
  chip: "esp32s3",
  source: "file",
  fromCache: false,
  downloadedBytes: 0,
};

test.each<[string, Readonly<Record<string, string>>, object]>([
  ["the chip of the layout counts as named", {}, { chip: "esp32s3" }],
  ["the chip of the input is the one", { chip: "esp32" }, { chip: "esp32" }],
  ["keep leaves the settings to the layout", {}, { settings: { mode: "dio", frequency: "40m" } }],
  [
    "a setting of the input wins",
    { "flash-mode": "qio", "flash-size": "detect" },
    { settings: { mode: "qio", frequency: "40m", size: "detect" } },
  ],
  ["parts go on as they are", {}, { parts: firmware.parts }],
  ["gaps and partitions are kept", { "keep-gaps": "true", preserve: "nvs" }, { keepGaps: true, preserve: ["nvs"] }],
  ["a reset sequence goes on", { "reset-sequence": "D1|W1" }, { resetSequence: [{ dtr: true, rts: false }, 1000] }],
])("%s", (_, given, expected) => {
  expect(planRequest(read(given), firmware)).toMatchObject(expected);
});

test("without a layout and its chip, the board's own chip will do", () => {
  expect(planRequest(read({}), { ...firmware, chip: undefined })).toMatchObject({ chip: "auto" });
});

test("an offset places the one file", () => {
  expect(firmwareWishes(read({ offset: "0x1000" }))).toEqual([
    { items: [{ location: "a.bin", sha256: undefined, place: { kind: "offset", offset: 0x1000 } }] },
  ]);
});

test("nothing is said of encryption where no layout asks for it", () => {
  expect(encryptionRemark(firmware)).toBeUndefined();
  const parts = firmware.parts.map((part) => ({ ...part, encrypted: true }));
  expect(encryptionRemark({ ...firmware, parts })).toMatch(/marks parts for flash encryption: app\.bin/);
});
