import fc from "fast-check";
import { readInputs } from "../../src/action/inputs.js";
import type { Inputs } from "../../src/action/inputs.js";
import { toFlashError } from "../../src/base/errors.js";
import type { FlashError } from "../../src/base/errors.js";

type Given = Readonly<Record<string, string>>;

const needed: Given = { port: "virtual:esp32", "firmware-url": "build/app.bin" };
const read = (given: Given): Inputs => readInputs((name) => given[name] ?? "");

function refusal(given: Given): FlashError {
  try {
    read(given);
  } catch (thrown) {
    return toFlashError(thrown);
  }
  throw new Error(`taken: ${JSON.stringify(given)}`);
}

test("port and firmware are enough; all else has a default", () => {
  expect(read(needed)).toEqual({
    ports: [{ kind: "one", port: "virtual:esp32" }],
    expectMac: undefined,
    waitForPortMs: 0,
    lock: "job",
    lockTimeoutMs: 3_600_000,
    lockDir: undefined,
    failFast: false,
    maxParallel: 0,
    powerCycle: undefined,
    chip: "auto",
    firmwareUrl: "build/app.bin",
    offset: undefined,
    sha256: undefined,
    files: [],
    firmwareMap: [],
    token: undefined,
    flashMode: "keep",
    flashFreq: "keep",
    flashSize: "keep",
    baud: "auto",
    erase: "all",
    preserve: [],
    keepGaps: false,
    before: "default-reset",
    after: "hard-reset",
    resetSequence: undefined,
    stub: true,
    compress: true,
    connectAttempts: 7,
    timeoutMs: 600_000,
    bootCheck: "on",
    consolePort: undefined,
    consoleBaud: 115_200,
    expect: [],
    failOn: [],
    bootTimeoutMs: 15_000,
    settleMs: 3000,
    elf: undefined,
    when: "always",
    rewrite: false,
    allow: new Set(),
    dryRun: false,
  });
});

test.each<[string, string, Partial<Inputs>]>([
  ["chip", "ESP32", { chip: "esp32" }],
  ["firmware-url", " https://example.com/fw.bin?v=1 ", { firmwareUrl: "https://example.com/fw.bin?v=1" }],
  ["offset", "0x10000", { offset: 65536 }],
  ["offset", "65536", { offset: 65536 }],
  ["offset", "0X1000", { offset: 4096 }],
  ["offset", "0", { offset: 0 }],
  ["sha256", "AB".repeat(32), { sha256: "ab".repeat(32) }],
  ["flash-mode", "DIO", { flashMode: "dio" }],
  ["flash-freq", "80m", { flashFreq: "80m" }],
  ["flash-size", "16mb", { flashSize: "16MB" }],
  ["flash-size", "detect", { flashSize: "detect" }],
  ["preserve", "nvs, otadata\nstorage", { preserve: ["nvs", "otadata", "storage"] }],
  ["keep-gaps", "true", { keepGaps: true }],
  ["token", "ghs_0123456789", { token: "ghs_0123456789" }],
  ["baud", "460800", { baud: 460800 }],
  ["erase", "touched", { erase: "touched" }],
  ["before", "no-reset-no-sync", { before: "no-reset-no-sync" }],
  ["after", "watchdog-reset", { after: "watchdog-reset" }],
  ["reset-sequence", "U1,0|W0.05", { resetSequence: [{ dtr: true, rts: false }, 50] }],
  ["stub", "False", { stub: false }],
  ["compress", "FALSE", { compress: false }],
  ["dry-run", "True", { dryRun: true }],
  ["timeout", "90", { timeoutMs: 90_000 }],
  ["timeout", "90s", { timeoutMs: 90_000 }],
  ["timeout", "10m", { timeoutMs: 600_000 }],
  ["allow", "data-loss,would-not-boot", { allow: new Set(["data-loss", "would-not-boot"] as const) }],
  ["allow", "data-loss\n  chip-revision\n", { allow: new Set(["data-loss", "chip-revision"] as const) }],
])("%s takes %j", (name, text, expected) => {
  expect(read({ ...needed, [name]: text })).toMatchObject(expected);
});

// The input, the bad value, and a part of what the error says that it accepts.
test.each([
  ["chip", "esp99", "auto, esp8266, esp32"],
  ["chip", "auto esp32", "auto, esp8266, esp32"],
  ["flash-mode", "fast", "keep, qio"],
  ["flash-mode", "detect", "keep, qio"],
  ["flash-freq", "81m", "80m"],
  ["flash-size", "3MB", "keep, detect"],
  ["preserve", "a-name-of-17-chars", "partition names"],
  ["keep-gaps", "yes", "true or false"],
  ["firmware-url", "a.bin\nb.bin", "http"],
  ["offset", "64k", "0x10000"],
  ["offset", "-1", "0x10000"],
  ["offset", "0x", "0x10000"],
  ["offset", "1e5", "0x10000"],
  ["offset", "0x1 0000", "0x10000"],
  ["offset", "10000h", "0x10000"],
  ["offset", "0x100000000", "0x10000"],
  ["offset", "1.5", "0x10000"],
  ["sha256", "abc", "64 hex digits"],
  ["sha256", "g".repeat(64), "64 hex digits"],
  ["sha256", `sha256:${"a".repeat(64)}`, "64 hex digits"],
  ["sha256", "a".repeat(65), "64 hex digits"],
  ["baud", "fast", "auto or a number"],
  ["baud", "0", "1200"],
  ["baud", "-115200", "1200"],
  ["baud", "115200.5", "1200"],
  ["baud", "999999999", "5000000"],
  ["erase", "yes", "all, touched, none"],
  ["erase", "ALL", "all, touched, none"],
  ["before", "default_reset", "default-reset"],
  ["after", "reset", "hard-reset"],
  ["reset-sequence", "D0|R2", "D0|R1|W0.1"],
  ["reset-sequence", "D0||R1", "D0|R1|W0.1"],
  ["stub", "yes", "true or false"],
  ["stub", "1", "true or false"],
  ["compress", "on", "true or false"],
  ["dry-run", "tRue", "true or false"],
  ["connect-attempts", "0", "1 to 100"],
  ["connect-attempts", "101", "1 to 100"],
  ["connect-attempts", "many", "1 to 100"],
  ["timeout", "0", "seconds"],
  ["timeout", "10 minutes", "seconds"],
  ["timeout", "1h", "seconds"],
  ["timeout", "1441m", "24 h"],
  ["expect-mac", "4c:11:ae", "4c:11:ae:b9:90:54"],
  ["wait-for-port", "-1", "seconds"],
  ["lock", "always", "job, step, off"],
  ["lock-timeout", "1h", "minutes"],
  ["lock-dir", "locks", "whole path"],
  ["allow", "everything", "data-loss"],
  ["allow", "data-loss;would-not-boot", "data-loss"],
])("%s does not take %j", (name, text, accepts) => {
  const error = refusal({ ...needed, [name]: text });
  expect(error.code).toBe("input/invalid");
  expect(error.message).toContain(`\`${name}\` is `);
  expect(error.message).toContain(JSON.stringify(text));
  expect(error.message).toContain(accepts);
  expect(error.details).toEqual({ inputs: [name] });
});

test.each([
  ["usb:1", "usb:10c4:ea60"],
  ["mac:4c:11", "mac:4c:11:ae:b9:90:54"],
  ["/dev/*/tty", "before its last /"],
  ["bluetooth://board", "tcp://host:port"],
  ["tcp://", "tcp://host:port"],
  ["tcp://host", "tcp://host:port"],
  ["rfc2217://host", "rfc2217://host:port"],
  ["virtual:esp32?a b", "virtual:esp32"],
  ["virtual:", "virtual:esp32"],
  ["COM", "location:1-1.2"],
  ["::set-output name=mac::1", "location:1-1.2"],
])("port does not take %j", (port, accepts) => {
  const error = refusal({ ...needed, port });
  expect(error.code).toBe("input/invalid");
  expect(error.message).toContain("`port`");
  expect(error.message).toContain(accepts);
  expect(error.message).toContain(`it is ${JSON.stringify(port)}`);
});

test("how the board is found, kept and revived", () => {
  const inputs = read({
    ...needed,
    port: "mac:4C:11:AE:B9:90:54",
    "expect-mac": "4C:11:AE:B9:90:54",
    "wait-for-port": "2m",
    lock: "step",
    "lock-timeout": "0",
    "lock-dir": "/run/lock/boards",
    "power-cycle": `uhubctl -l 1-1 -a "cycle it"`,
  });
  expect(inputs).toMatchObject({
    ports: [{ kind: "one", port: "mac:4C:11:AE:B9:90:54" }],
    expectMac: "4c:11:ae:b9:90:54",
    waitForPortMs: 120_000,
    lock: "step",
    lockTimeoutMs: 0,
    lockDir: "/run/lock/boards",
    powerCycle: ["uhubctl", "-l", "1-1", "-a", "cycle it"],
  });
});

test.each([
  ["power-cycle", "curl -u admin:s3cret http://hub/off | tee log", "without a shell"],
  ["token", "ghs_s3cret\nghs_s3cret", "a GitHub token"],
])("what is written in %s is not shown, for it may be a secret", (name, text, accepts) => {
  const error = refusal({ ...needed, [name]: text });
  expect(error.message).toContain(accepts);
  expect(error.message).not.toMatch(/s3cret/);
});

test("a bad firmware-url is told without its password", () => {
  const error = refusal({ ...needed, "firmware-url": "https://me:s3cret@example.com/a.bin?token=abcd\n::x" });
  expect(error.message).toContain("example.com/a.bin");
  expect(error.message).not.toMatch(/s3cret|abcd/);
});

test.each(["port", "firmware-url"])("%s is required", (name) => {
  const error = refusal({ ...needed, [name]: "  " });
  expect(error.code).toBe("input/required");
  expect(error.message).toContain(`\`${name}\` is not set`);
});

const digest = "ab".repeat(32);

test("files are read line by line, with offsets, partitions, digests, quotes and comments", () => {
  const files = `
    # bootloader and table come from the build
    0x1000 build/bootloader.bin ${digest.toUpperCase()}
    32768  "build dir/partition table.bin"

    ota_0  https://example.com/app.bin?v=1#x
    "my data" archive.zip#data.bin
  `;
  expect(read({ port: "virtual:esp32", files })).toMatchObject({
    firmwareUrl: undefined,
    files: [
      { place: { kind: "offset", offset: 0x1000 }, location: "build/bootloader.bin", sha256: digest },
      { place: { kind: "offset", offset: 0x8000 }, location: "build dir/partition table.bin" },
      { place: { kind: "partition", name: "ota_0" }, location: "https://example.com/app.bin?v=1#x" },
      { place: { kind: "partition", name: "my data" }, location: "archive.zip#data.bin" },
    ],
  });
});

test.each([
  "0x1000",
  "build/app.bin",
  "0x1000 a.bin b.bin",
  `0x1000 a.bin ${digest.slice(1)}`,
  `0x1000 a.bin ${digest} more`,
  "64k a.bin",
  "0x1zz a.bin",
  "0x100000000 a.bin",
  "-1 0x1000 a.bin",
  "a-name-of-17-chars a.bin",
  "https://example.com/app.bin 0x1000",
  '0x1000 "a.bin',
  '0x1000 ""',
])("files does not take the line %j", (line) => {
  const error = refusal({ port: "virtual:esp32", files: `0x8000 table.bin\n${line}` });
  expect(error.code).toBe("input/invalid");
  expect(error.message).toContain(`\`files\` is ${JSON.stringify(line)} in line 2: it takes lines of`);
  expect(error.details).toEqual({ inputs: ["files"] });
});

test("files with nothing but comments are no files", () => {
  const error = refusal({ port: "virtual:esp32", files: "# nothing yet" });
  expect(error.code).toBe("input/required");
  expect(error.message).toMatch(/`firmware-url` is not set, and neither is `files`/);
});

test.each<[string, Given]>([
  ["firmware-url", { "firmware-url": "a.bin" }],
  ["offset", { offset: "0x1000" }],
  ["sha256", { sha256: digest }],
])("%s and files contradict each other", (name, given) => {
  const error = refusal({ port: "virtual:esp32", files: "0x1000 a.bin", ...given });
  expect(error.code).toBe("input/conflict");
  expect(error.message).toContain(`\`${name}\` and \`files\``);
  expect(error.details).toEqual({ inputs: [name, "files"] });
});

test("an error about files shows no password", () => {
  const error = refusal({ port: "virtual:esp32", files: "app https://me:s3cret@example.com/a.bin?token=abcdefgh x y" });
  expect(error.message).not.toMatch(/s3cret|abcdefgh/);
});

test("all bad inputs are told at once", () => {
  const error = refusal({ port: "", "firmware-url": "a.bin", offset: "64k", stub: "maybe" });
  expect(error.code).toBe("input/invalid");
  expect(error.details).toEqual({ inputs: ["port", "offset", "stub"] });
  expect(error.message.split("\n")).toHaveLength(3);
});

test.each<[string, Given]>([
  ["expect-mac", { "expect-mac": "4c:11:ae:b9:90:54" }],
  ["console-port", { "console-port": "/dev/ttyUSB9" }],
  ["power-cycle", { "power-cycle": "uhubctl -l 1-1 -p 2 -a cycle" }],
])("%s is about one board, so it contradicts several", (name, given) => {
  for (const port of ["/dev/ttyUSB0\n/dev/ttyUSB1", "every: usb:10c4:ea60"]) {
    const error = refusal({ ...needed, port, ...given });
    expect(error).toMatchObject({ code: "input/conflict", details: { inputs: [name, "port"] } });
  }
});

test("staying in a stub that is not wanted is a conflict", () => {
  const error = refusal({ ...needed, after: "no-reset-stub", stub: "false" });
  expect(error.code).toBe("input/conflict");
  expect(error.details).toEqual({ inputs: ["after", "stub"] });
});

test("a reset sequence for a board that is not reset is a conflict", () => {
  const error = refusal({ ...needed, "reset-sequence": "D0|R1", before: "no-reset" });
  expect(error.code).toBe("input/conflict");
  expect(error.details).toEqual({ inputs: ["reset-sequence", "before"] });
});

test("an error stays one short line a problem, whatever the value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
      fc.pre(text.trim() !== "" && !/^(0x[0-9a-f]+|\d+)$/i.test(text.trim()));
      const { code, message } = refusal({ ...needed, offset: text });
      expect(code).toBe("input/invalid");
      expect(message.length).toBeLessThan(1000);
      expect(message).not.toMatch(/[\r\n]/);
    }),
  );
});

test("any address is read the same in hex and in decimal", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (address) => {
      expect(read({ ...needed, offset: `0x${address.toString(16)}` }).offset).toBe(address);
      expect(read({ ...needed, offset: String(address) }).offset).toBe(address);
    }),
  );
});
