import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { esp32 } from "../../src/chips/esp32.js";
import type { ErrorCode } from "../../src/base/errors.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage } from "../support/images.js";
import { createStage } from "../support/step.js";
import type { Stage } from "../support/step.js";

const firmware = buildDemoFirmware(esp32);
const flipped = firmware.slice();
flipped[0x2100] = (flipped[0x2100] ?? 0) ^ 0x40;

/** Files of the workspace, by name. */
const files: Readonly<Record<string, Uint8Array>> = {
  "good.bin": firmware,
  "flipped.bin": flipped,
  "cut.bin": firmware.subarray(0, 3000),
  "empty.bin": new Uint8Array(0),
  "app.bin": appImage(),
  "table.bin": buildPartitionTable([
    { name: "app", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100000, flags: 0 },
  ]),
  "data.bin": Buffer.from("settings of no known kind"),
  "c3.bin": bootloaderImage({ chipId: 5 }),
  "page.bin": Buffer.from("<!DOCTYPE html><html><body>Please log in</body></html>"),
  "error.bin": Buffer.from('{"message":"Not Found","status":"404"}'),
  "pointer.bin": Buffer.from(
    `version https://git-lfs.github.com/spec/v1\noid sha256:${"ab".repeat(32)}\nsize 1247280\n`,
  ),
};

/** What the server answers, by path. */
const answers: Readonly<Record<string, RequestListener>> = {
  "/missing": (_request, response) => response.writeHead(404).end("no such file"),
  "/login": (_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>log in</html>"),
  "/loop": (_request, response) => response.writeHead(302, { location: "/loop" }).end(),
  "/to-file": (_request, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
  "/empty": (_request, response) => response.writeHead(200, { "content-length": 0 }).end(),
  "/huge": (_request, response) => response.writeHead(200, { "content-length": 10 ** 10 }).write("x"),
};

let server: Server;
let origin: string;
let stage: Stage;
beforeAll(async () => {
  server = createServer((request, response) => answers[request.url ?? ""]?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  stage = createStage();
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(stage.workspace, name), bytes);
  mkdirSync(join(stage.workspace, "folder"));
});
afterEach(() => stage.end());

interface Row {
  readonly what: string;
  readonly code: ErrorCode;
  readonly inputs: Readonly<Record<string, string>>;
}

const windows = process.platform === "win32";

const rows: readonly Row[] = [
  { what: "no firmware named", code: "input/required", inputs: { "firmware-url": "" } },
  { what: "a chip that does not exist", code: "input/invalid", inputs: { chip: "esp99" } },
  { what: "an offset that is no number", code: "input/invalid", inputs: { offset: "64k" } },
  { what: "a digest that is none", code: "input/invalid", inputs: { sha256: "abc" } },
  { what: "a scheme that nobody serves", code: "input/invalid", inputs: { "firmware-url": "ftp://host/a.bin" } },
  { what: "a port of an unknown kind", code: "input/invalid", inputs: { port: "bluetooth://board" } },
  { what: "a virtual board that does not exist", code: "input/invalid", inputs: { port: "virtual:esp99" } },
  { what: "an allowance that does not exist", code: "input/invalid", inputs: { allow: "everything" } },
  {
    what: "a port that is not there",
    code: "port/not-found",
    inputs: { port: windows ? "COM99" : "/dev/no-such-board" },
  },
  ...(windows ? [] : [{ what: "a folder as the port", code: "port/not-serial", inputs: { port: "/tmp" } } as const]),
  { what: "a firmware path that leads nowhere", code: "firmware/not-found", inputs: { "firmware-url": "none.bin" } },
  { what: "a folder as firmware", code: "firmware/not-a-file", inputs: { "firmware-url": "folder" } },
  { what: "an empty file", code: "firmware/empty", inputs: { "firmware-url": "empty.bin" } },
  { what: "another digest", code: "firmware/sha256", inputs: { sha256: "00".repeat(32) } },
  { what: "a web page", code: "firmware/html", inputs: { "firmware-url": "page.bin" } },
  { what: "an API's error", code: "firmware/json", inputs: { "firmware-url": "error.bin" } },
  { what: "a Git LFS pointer", code: "firmware/lfs-pointer", inputs: { "firmware-url": "pointer.bin" } },
  { what: "a server without the file", code: "firmware/http-status", inputs: { "firmware-url": "{origin}/missing" } },
  { what: "a login page", code: "firmware/html", inputs: { "firmware-url": "{origin}/login" } },
  { what: "redirects without end", code: "firmware/redirect", inputs: { "firmware-url": "{origin}/loop" } },
  { what: "a redirect to a file", code: "firmware/redirect", inputs: { "firmware-url": "{origin}/to-file" } },
  { what: "an empty answer", code: "firmware/empty", inputs: { "firmware-url": "{origin}/empty" } },
  { what: "ten gigabytes", code: "firmware/too-large", inputs: { "firmware-url": "{origin}/huge" } },
  { what: "a damaged image", code: "image/checksum", inputs: { "firmware-url": "flipped.bin" } },
  { what: "a truncated image", code: "image/truncated", inputs: { "firmware-url": "cut.bin" } },
  { what: "an app without an offset", code: "plan/no-offset", inputs: { "firmware-url": "app.bin" } },
  { what: "a table without an offset", code: "plan/no-offset", inputs: { "firmware-url": "table.bin" } },
  { what: "data without an offset", code: "plan/no-offset", inputs: { "firmware-url": "data.bin" } },
  { what: "an offset within a sector", code: "plan/alignment", inputs: { offset: "0x1100" } },
  { what: "an offset beyond every flash", code: "plan/above-16mib", inputs: { offset: "0x4000000" } },
  {
    what: "an image for another chip",
    code: "chip/image-mismatch",
    inputs: { "firmware-url": "c3.bin", chip: "esp32" },
  },
];

describe("trouble before the port is opened ends with its own code, and no board is touched", () => {
  test.each(rows)("$what → $code", async ({ code, inputs }) => {
    const board = join(stage.workspace, "board.bin");
    const given = { port: `virtual:esp32?flash=${board}`, "firmware-url": "good.bin", ...inputs };
    const end = await stage.runStep(
      Object.fromEntries(Object.entries(given).map(([name, text]) => [name, text.replace("{origin}", origin)])),
    );
    expect(end.outputs).toMatchObject({ "error-code": code, verified: "false" });
    expect(end.exitCode).toBe(1);
    expect(end.lines.filter((line) => line.startsWith("::error"))).toHaveLength(1);
    // The virtual board makes its file when it is switched on.
    expect(existsSync(board)).toBe(false);
  });
});
