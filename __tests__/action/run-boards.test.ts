import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { startHttpServer } from "../support/http-server.js";
import { createStage } from "../support/step.js";
import type { Stage } from "../support/step.js";

const firmware = buildDemoFirmware(chips.esp32);
const firmwareS3 = buildDemoFirmware(chips.esp32s3);

let stage: Stage;
beforeEach(() => {
  stage = createStage();
  writeFileSync(join(stage.workspace, "demo.bin"), firmware);
  writeFileSync(join(stage.workspace, "demo-s3.bin"), firmwareS3);
});
afterEach(() => stage.end());

const flashFile = (name: string): string => join(stage.workspace, `${name}.flash`);
const virtual = (name: string, chip = "esp32", more = ""): string => `virtual:${chip}?flash=${flashFile(name)}${more}`;
const holds = (name: string, image: Uint8Array, offset: number): boolean =>
  readFileSync(flashFile(name))
    .subarray(offset, offset + image.length)
    .equals(image);

interface BoardEntry {
  readonly name: string;
  readonly ok: boolean;
  readonly leftAlone: boolean;
  readonly error?: { readonly code: string };
  readonly board?: { readonly chip: string };
  readonly firmware?: { readonly name: string };
}
const boardsOf = (outputs: Readonly<Record<string, string>>): BoardEntry[] =>
  JSON.parse(outputs.boards ?? "") as BoardEntry[];

test("a dead board takes nothing from the others", async () => {
  const ports = [virtual("a"), virtual("b", "esp32", "&fault=silent"), virtual("c")];
  const end = await stage.runStep({ port: ports.join("\n"), "firmware-url": "demo.bin", "connect-attempts": "1" });
  expect(end.exitCode).toBe(1);
  expect(end.outputs).toMatchObject({ "error-code": "connect/silent", mac: "", chip: "", port: "" });
  expect(boardsOf(end.outputs)).toMatchObject([
    { name: ports[0], ok: true },
    { name: ports[1], ok: false, error: { code: "connect/silent" } },
    { name: ports[2], ok: true },
  ]);
  expect(["a", "c"].every((name) => holds(name, firmware, 0x1000))).toBe(true);
  const errors = end.lines.filter((line) => line.startsWith("::error"));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain("b.flash");
  expect(end.lines).toContain("3 boards: 2 done, 1 failed");
});

test("each board has its lines together, and says on the way how far it is", async () => {
  const ports = [virtual("a"), virtual("b")];
  const { lines } = await stage.runStep({ port: ports.join("\n"), "firmware-url": "demo.bin" });
  // A mask would make the boards look the same in the runner's log.
  expect(lines.filter((line) => line.startsWith("::add-mask::"))).toEqual([]);
  const starts = lines.flatMap((line, index) => (line.startsWith("::group::virtual:") ? [index] : []));
  expect(starts).toHaveLength(2);
  for (const start of starts) {
    const group = lines.slice(start, lines.indexOf("::endgroup::", start));
    expect(group.filter((line) => line.includes("Connect to the board"))).toHaveLength(1);
    expect(group.some((line) => line.includes("Verify"))).toBe(true);
  }
  expect(lines.filter((line) => /^\[virtual:.*a\.flash.*\] \d+ %$/.test(line)).length).toBeGreaterThan(1);
});

test("each board gets the firmware of its chip, and one without says so", async () => {
  const ports = [virtual("a", "esp32"), virtual("s3", "esp32s3"), virtual("c3", "esp32c3")];
  const files = "esp32: 0x1000 demo.bin\nesp32s3: 0x0 demo-s3.bin";
  const end = await stage.runStep({ port: ports.join("\n"), files });
  expect(boardsOf(end.outputs)).toMatchObject([
    { ok: true, board: { chip: "esp32" }, firmware: { name: "demo.bin" } },
    { ok: true, board: { chip: "esp32s3" }, firmware: { name: "demo-s3.bin" } },
    { ok: false, error: { code: "plan/no-firmware" } },
  ]);
  expect(holds("a", firmware, 0x1000)).toBe(true);
  expect(holds("s3", firmwareS3, 0)).toBe(true);
  expect(readFileSync(flashFile("c3")).every((byte) => byte === 0xff)).toBe(true);
});

test("firmware-map goes before the firmware for all others, by line and by MAC", async () => {
  writeFileSync(join(stage.workspace, "other.bin"), buildDemoFirmware(chips.esp32, 1));
  const ports = [virtual("a"), virtual("b", "esp32", "&mac=4c:11:ae:00:00:0b"), virtual("c")];
  const map = { [ports[0] ?? ""]: "other.bin", "4c:11:ae:00:00:0b": { "firmware-url": "other.bin", offset: "0x1000" } };
  const end = await stage.runStep({
    port: ports.join("\n"),
    "firmware-url": "demo.bin",
    "firmware-map": JSON.stringify(map),
  });
  expect(boardsOf(end.outputs).map((board) => board.firmware?.name)).toEqual(["other.bin", "other.bin", "demo.bin"]);
  expect(holds("c", firmware, 0x1000)).toBe(true);
});

test("fail-fast leaves as it is what nothing was changed on yet", async () => {
  const ports = [virtual("dead", "esp32", "&fault=silent"), virtual("b"), virtual("c")];
  const end = await stage.runStep({
    port: ports.join("\n"),
    "firmware-url": "demo.bin",
    "connect-attempts": "1",
    "fail-fast": "true",
    "max-parallel": "1",
  });
  const codes = boardsOf(end.outputs).map((board) => board.error?.code ?? "");
  expect(codes.sort()).toContain("connect/silent");
  const left = boardsOf(end.outputs).filter((board) => board.error?.code === "job/fail-fast");
  for (const { name } of left) {
    const file = /flash=([^&]*)/.exec(name)?.[1] ?? "";
    expect(existsSync(file) && readFileSync(file).some((byte) => byte !== 0xff)).toBe(false);
  }
  expect(left.length + boardsOf(end.outputs).filter((board) => board.ok).length).toBe(2);
});

test("one board under two names is told before anything is opened", async () => {
  const end = await stage.runStep({
    port: `${virtual("a")}\n${virtual("a", "esp32", "&mac=4c:11:ae:00:00:0b")}`,
    "firmware-url": "demo.bin",
  });
  expect(end.outputs["error-code"]).toBe("port/same-board");
  const again = await stage.runStep({ port: `${virtual("a")}\n${virtual("a")}`, "firmware-url": "demo.bin" });
  expect(again.outputs["error-code"]).toBe("input/conflict");
});

test("unfinished work on a virtual board is noted for that board alone, though all have one MAC", async () => {
  const warning = /An earlier run on this board did not end/;
  const broken = await stage.runStep({
    port: virtual("a", "esp32", "&fault=link-lost-byte:20000"),
    "firmware-url": "demo.bin",
  });
  expect(broken.outputs["error-code"]).toBe("port/lost");
  for (const port of [virtual("b"), "virtual:esp32"]) {
    const other = await stage.runStep({ port, "firmware-url": "demo.bin" });
    expect(other.outputs.verified).toBe("true");
    expect(other.lines.join("\n")).not.toMatch(warning);
  }
  const again = await stage.runStep({ port: virtual("a"), "firmware-url": "demo.bin" });
  expect(again.lines.join("\n")).toMatch(warning);
});

test("one line with every: that fits nothing says what is there", async () => {
  const end = await stage.runStep({ port: `every: ${stage.workspace}/board-*`, "firmware-url": "demo.bin" });
  expect(end.outputs["error-code"]).toBe("port/not-found");
});

test("firmware for several boards is fetched once, and a bad one is told before any board is touched", async () => {
  const server = await startHttpServer((_, response) => response.end(firmware));
  try {
    const ports = [virtual("a", "esp32", `&stats=${flashFile("a")}.stats`), virtual("b"), virtual("c")];
    const end = await stage.runStep({ port: ports.join("\n"), "firmware-url": `${server.origin}/demo.bin` });
    expect(boardsOf(end.outputs).map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(server.requests).toHaveLength(1);
  } finally {
    await server.close();
  }
  const untouched = virtual("d", "esp32", `&stats=${flashFile("d")}.stats`);
  const files = "esp32: 0x1000 demo.bin\nesp32s3: 0x0 demo.bin";
  const end = await stage.runStep({ port: `${untouched}\n${virtual("s3", "esp32s3")}`, files });
  expect(end.outputs["error-code"]).toBe("chip/image-mismatch");
  expect(existsSync(`${flashFile("d")}.stats`)).toBe(false);
});

test("unhealthy: with firmware by chip, a board that runs its own is left alone", async () => {
  const inputs = {
    port: [virtual("a"), virtual("s3", "esp32s3")].join("\n"),
    files: "esp32: 0x1000 demo.bin\nesp32s3: 0x0 demo-s3.bin",
  };
  await stage.runStep(inputs);
  writeFileSync(flashFile("s3"), new Uint8Array(0x400000).fill(0xff));
  const end = await stage.runStep({ ...inputs, "boot-check": "on", settle: "1", when: "unhealthy" });
  expect(boardsOf(end.outputs)).toMatchObject([
    { ok: true, leftAlone: true },
    { ok: true, leftAlone: false, firmware: { name: "demo-s3.bin" } },
  ]);
  // What the boards print stands in their own groups, once.
  expect(end.lines.filter((line) => /^\[virtual:.*\] (?!\d+ %$)/.test(line))).toEqual([]);
});
