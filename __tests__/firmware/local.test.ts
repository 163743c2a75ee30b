import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { digestOf, makeFirmware, openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";
import type { FileRequest } from "../../src/firmware/source.js";

let bench: FirmwareBench;
beforeEach(() => {
  bench = openFirmwareBench();
});
afterEach(() => bench.dispose());

const put = (name: string, content: string | Uint8Array = makeFirmware()): string => {
  const path = join(bench.workspace, name);
  writeFileSync(path, content);
  return path;
};

const lfsPointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"ab".repeat(32)}\nsize 1247280\n`;
const html = "<!DOCTYPE html>\n<html><body>Sign in</body></html>";

describe("a local file", () => {
  test.each([
    ["a path relative to the workspace", (): string => "build/app.bin"],
    ["an absolute path", (): string => join(bench.workspace, "build", "app.bin")],
    ["a file URL", (): string => pathToFileURL(join(bench.workspace, "build", "app.bin")).href],
  ])("is found by %s", async (_, location) => {
    mkdirSync(join(bench.workspace, "build"));
    const bytes = makeFirmware(3_000_000);
    put("build/app.bin", bytes);
    const firmware = await bench.resolve({ location: location() });
    expect(Buffer.from(firmware.bytes).equals(bytes)).toBe(true);
    expect(firmware).toMatchObject({
      name: "app.bin",
      sha256: digestOf(bytes),
      source: "file",
      fromCache: false,
      downloadedBytes: 0,
    });
    expect(bench.messages).toEqual([]);
  });

  test("needs no cache", async () => {
    put("firmware.bin");
    delete process.env.RUNNER_TOOL_CACHE;
    await bench.resolve({});
    expect(bench.messages).toEqual([]);
  });

  test("passes with its sha256 in capitals", async () => {
    const bytes = makeFirmware();
    put("firmware.bin", bytes);
    await expect(bench.resolve({ sha256: digestOf(bytes).toUpperCase() })).resolves.toBeDefined();
  });

  test.each<[string, string, Partial<FileRequest>]>([
    ["HTML", html, { purpose: "data" }],
    ["JSON", '{"message":"hello"}', { purpose: "data" }],
    ["HTML that sha256 names", html, { purpose: "image", sha256: digestOf(Buffer.from(html)) }],
    ["an LFS pointer that sha256 names", lfsPointer, { purpose: "data", sha256: digestOf(Buffer.from(lfsPointer)) }],
  ])("may be %s where data is meant", async (_, content, request) => {
    put("firmware.bin", content);
    const firmware = await bench.resolve(request);
    expect(Buffer.from(firmware.bytes).toString()).toBe(content);
  });
});

describe("a local file is refused", () => {
  test.each<[string, string, RegExp, () => Partial<FileRequest>]>([
    ["missing", "firmware/not-found", /no\.bin does not exist$/, () => ({ location: "no.bin" })],
    [
      "misspelt, and the right name is shown",
      "firmware/not-found",
      /near it: firmware-v2\.bin, /,
      () => (put("firmware-v2.bin"), put("firmware-old.bin"), put("readme.md"), { location: "Firmware-v3.bin" }),
    ],
    ["in a missing directory", "firmware/not-found", /no directory .*build/, () => ({ location: "build/app.bin" })],
    ["below a file", "firmware/not-found", /does not exist/, () => (put("app.bin"), { location: "app.bin/app.bin" })],
    [
      "a directory",
      "firmware/not-a-file",
      /is a directory; in it: app\.bin$/,
      () => {
        mkdirSync(join(bench.workspace, "build"));
        put("build/app.bin");
        put("build/app.elf");
        return { location: "build" };
      },
    ],
    ["empty", "firmware/empty", /firmware\.bin is empty/, () => (put("firmware.bin", ""), {})],
    [
      "larger than any flash",
      "firmware/too-large",
      /134,217,729 bytes/,
      () => (truncateSync(put("firmware.bin"), 128 * 1024 * 1024 + 1), {}),
    ],
    [
      "an LFS pointer",
      "firmware/lfs-pointer",
      /to a file of 1247280 bytes/,
      () => (put("firmware.bin", lfsPointer), {}),
    ],
    [
      "an LFS pointer, at an explicit offset too",
      "firmware/lfs-pointer",
      /Git LFS pointer/,
      () => (put("firmware.bin", lfsPointer), { purpose: "data" }),
    ],
    ["an HTML page", "firmware/html", /is an HTML page/, () => (put("firmware.bin", html), {})],
    ["a JSON document", "firmware/json", /is a JSON document/, () => (put("firmware.bin", ' {"a": 1}\n'), {})],
    [
      "another one than sha256 says",
      "firmware/sha256",
      new RegExp(`5,000 bytes.* has the SHA-256 [0-9a-f]{64}, but sha256 says ${"0".repeat(64)}`),
      () => (put("firmware.bin"), { sha256: "0".repeat(64) }),
    ],
    [
      "a page where sha256 names an image",
      "firmware/html",
      /HTML/,
      () => (put("firmware.bin", html), { sha256: "0".repeat(64) }),
    ],
    ["a path with a zero byte", "input/invalid", /firmware-url/, () => ({ location: "a\0b" })],
  ])("%s", async (_, code, message, prepare) => {
    const error = await bench.fail(prepare());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  const isPosix = process.platform !== "win32";
  const isRoot = process.getuid?.() === 0;
  const NOBODY = 65_534;

  (isPosix ? test : test.skip)("a link to itself (POSIX only)", async () => {
    symlinkSync("firmware.bin", join(bench.workspace, "firmware.bin"));
    const error = await bench.fail({});
    expect(error.code).toBe("firmware/unreadable");
    expect(error.message).toMatch(/ELOOP/);
  });

  (isPosix ? test : test.skip)("a pipe (POSIX only), which nobody writes to", async () => {
    execFileSync("mkfifo", [join(bench.workspace, "firmware.bin")]);
    expect((await bench.fail({})).code).toBe("firmware/not-a-file");
  });

  (isPosix ? test : test.skip)("without the right to read it (POSIX only)", async () => {
    chmodSync(put("firmware.bin"), 0);
    // The superuser may read everything, so the test is somebody else for a moment; the workspace must let him in.
    chmodSync(bench.workspace, 0o755);
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      expect((await bench.fail({})).code).toBe("firmware/unreadable");
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

describe("firmware-url", () => {
  test.each([
    ["another scheme", "ftp://user:secret@host/fw.bin?token=secret"],
    ["another scheme without a host", "data:application/octet-stream;base64,secret"],
    ["a property name as scheme", "constructor:secret"],
    ["an http URL without slashes", "http:fw.bin?secret"],
    ["an http URL with blanks in its host", "http://user:secret@a host/fw.bin"],
    ["a relative file URL", "file:secret.bin"],
    ["nothing", " "],
  ])("refuses %s without showing a secret", async (_, location) => {
    const error = await bench.fail({ location });
    expect(error.code).toBe("input/invalid");
    expect(error.message).toMatch(/^firmware-url /);
    if (!location.startsWith("file:"))
      expect(`${error.message} ${JSON.stringify(error.details)}`).not.toMatch(/secret/);
  });

  (process.platform === "win32" ? test.skip : test)("refuses a file URL of another host (not on Windows)", async () => {
    expect((await bench.fail({ location: "file://other-host/share/fw.bin" })).code).toBe("input/invalid");
  });

  test.each(["C:\\build\\fw.bin", "C:/build/fw.bin", "c:fw.bin"])("takes %s for a path", async (location) => {
    expect((await bench.fail({ location })).code).toBe("firmware/not-found");
  });

  test("is not looked at after an abort", async () => {
    put("firmware.bin");
    const reason = new Error("cancelled");
    await expect(bench.resolve({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
