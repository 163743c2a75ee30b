import { execFileSync } from "node:child_process";
import {
  closeSync,
  linkSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openShared, systemCodeOf, writeShared } from "../../src/ports/shared-file.js";
import { thrownBy } from "../support/images.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-shared-"));
  file = path.join(folder, "file");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const onUnix = process.platform === "win32" ? test.skip : test;

onUnix("every user may read and write it, whatever the umask is", () => {
  const before = process.umask(0o077);
  try {
    closeSync(openShared(file));
  } finally {
    process.umask(before);
  }
  expect(statSync(file).mode & 0o777).toBe(0o666);
});

test("a file that is there is opened as it is, to be read and written", () => {
  writeFileSync(file, "abc");
  const fd = openShared(file);
  expect(readFileSync(fd, "utf8")).toBe("abc");
  writeSync(fd, "x", 0);
  closeSync(fd);
  expect(readFileSync(file, "utf8")).toBe("xbc");
});

test("its content is replaced as a whole, and the file is closed", () => {
  writeShared(file, "a long text");
  const fd = openSync(file, "r");
  closeSync(fd);
  writeShared(file, "short");
  expect(readFileSync(file, "utf8")).toBe("short");
  // The system gives the lowest free descriptor.
  const next = openSync(file, "r");
  closeSync(next);
  expect(next).toBe(fd);
});

onUnix("no link is followed, also none to a file that is there", () => {
  writeFileSync(file, "");
  symlinkSync(file, path.join(folder, "link"));
  expect(systemCodeOf(thrownBy(() => openShared(path.join(folder, "link"))))).toBe("ELOOP");
});

onUnix("no second name of a file is taken, nor what is no plain file, and neither stays open", () => {
  writeFileSync(file, "");
  linkSync(file, path.join(folder, "second"));
  execFileSync("mkfifo", [path.join(folder, "pipe")]);
  const lowestFree = (): number => {
    const fd = openSync(folder, "r");
    closeSync(fd);
    return fd;
  };
  const before = lowestFree();
  for (const name of ["second", "pipe"]) {
    const taken = path.join(folder, name);
    expect(() => openShared(taken)).toThrow(`${taken} is no plain file, or has a second name`);
  }
  expect(lowestFree()).toBe(before);
});

test("what the system refuses is told with its code, what is not the system's has none", () => {
  expect(systemCodeOf(thrownBy(() => openShared(path.join(file, "in", "no", "folder"))))).toMatch(/ENOENT|ENOTDIR|^$/);
  expect(systemCodeOf(thrownBy(() => openShared(folder)))).toBe("EISDIR");
  expect(systemCodeOf(undefined)).toBe("");
  expect(systemCodeOf(new Error("plain"))).toBe("");
});
