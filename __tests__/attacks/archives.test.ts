import { gzipSync } from "node:zlib";
import { concatBytes } from "../../src/base/bytes.js";
import { systemClock } from "../../src/base/clock.js";
import { FlashError } from "../../src/base/errors.js";
import { gunzipped, openArchive } from "../../src/firmware/unpack.js";
import { makeTar, makeTgz, makeZip, paxRecord } from "../support/archives.js";
import type { MemberRecipe } from "../support/archives.js";
import { openFirmwareBench } from "../support/firmware-bench.js";
import { patternBytes } from "../support/images.js";

const app = patternBytes(70_000);
const build: readonly MemberRecipe[] = [
  { path: "build/", type: "5", mode: 0o040755, method: 0 },
  { path: "./build/app.bin", bytes: app },
  { path: "build/table.bin", bytes: patternBytes(3072, 9) },
];

/** The error that an archive ends with, at the latest when all of it is read. */
async function refusal(bytes: Uint8Array): Promise<FlashError> {
  try {
    const archive = openArchive(await gunzipped({ name: "fw.zip", bytes }), systemClock);
    for (const path of archive?.members ?? []) await archive?.read(path);
  } catch (error) {
    if (error instanceof FlashError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const bomb = (lengthBytes: number): MemberRecipe => ({ path: "bomb.bin", bytes: new Uint8Array(lengthBytes) });
const many = Array.from({ length: 10_001 }, (_, index) => ({ path: `${index}.bin` }));
const damaged = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === (at < 0 ? bytes.length + at : at) ? byte ^ 0x55 : byte));

// What it is, its bytes, the end of the error code, and a part of what it says.
test.each<[string, Uint8Array, string, RegExp]>([
  ["zip: .. in a path", makeZip([{ path: "../app.bin", bytes: app }]), "archive", /unsafe path "\.\.\/app\.bin"/],
  ["zip: .. within a path", makeZip([{ path: "a/../../app.bin" }]), "archive", /unsafe path/],
  ["zip: an absolute path", makeZip([{ path: "/etc/passwd" }]), "archive", /unsafe path/],
  ["zip: a drive", makeZip([{ path: "C:/app.bin" }]), "archive", /unsafe path/],
  ["zip: backslashes", makeZip([{ path: "..\\app.bin" }]), "archive", /unsafe path/],
  ["zip: a line end in a path", makeZip([{ path: "a\n::error::b" }]), "archive", /unsafe path "a\\n/],
  ["zip: a folder outside", makeZip([{ path: "../" }]), "archive", /unsafe path/],
  ["zip: a link", makeZip([{ path: "app.bin", mode: 0o120777 }]), "archive", /a link or a device/],
  ["zip: a device", makeZip([{ path: "app.bin", mode: 0o060600 }]), "archive", /a link or a device/],
  ["zip: one name twice", makeZip([{ path: "a.bin" }, { path: "./a.bin" }]), "archive", /two members/],
  ["zip: encrypted", makeZip([{ path: "a.bin", bytes: app, flags: 1 }]), "archive", /encrypted/],
  ["zip: an unknown method", makeZip([{ path: "a.bin", bytes: app, method: 12 }]), "archive", /method 12/],
  ["zip: a wrong CRC", makeZip([{ path: "a.bin", bytes: app, crc32: 1 }]), "archive", /CRC-32/],
  ["zip: more than it says", makeZip([{ path: "a.bin", bytes: app, lengthBytes: 69_999 }]), "archive", /is longer/],
  ["zip: less than it says", makeZip([{ path: "a.bin", bytes: app, lengthBytes: 70_001 }]), "archive", /do not fit/],
  ["zip: stored, less than it says", makeZip([{ path: "a", bytes: app, lengthBytes: 9, method: 0 }]), "archive", /fit/],
  ["zip: two names for one member", makeZip([{ path: "a.bin", localPath: "b.bin" }]), "archive", /contradicts/],
  ["zip: too many members", makeZip(many), "archive", /10001 members/],
  ["zip: a wrong count", makeZip(build, { count: 2 }), "archive", /other bytes/],
  ["zip: a count beyond its end", makeZip(build, { count: 4 }), "archive", /broken zip directory \(at byte 0x/],
  ["zip: zip64", makeZip(build, { count: 0xffff }), "archive", /zip64/],
  ["zip: cut short", makeZip(build).subarray(0, -30), "archive", /cut short/],
  ["zip: a byte in front", concatBytes(makeZip(build).subarray(0, 4), makeZip(build)), "archive", /not where/],
  ["zip: damaged data", damaged(makeZip(build), 200), "archive", /app\.bin/],
  ["zip: announced bytes for 130 MiB", makeZip([{ path: "a", lengthBytes: 130 * 0x100000 }]), "too-large", /136,/],
  ["zip: a bomb", makeZip([bomb(5_000_000), { ...bomb(1), path: "x", lengthBytes: 2 ** 27 }]), "too-large", /content/],
  ["tar: .. in a path", makeTar([{ path: "../app.bin", bytes: app }]), "archive", /unsafe path/],
  ["tar: .. in a long name", makeTar([pax("path", "../a"), { path: "a" }]), "archive", /unsafe path "\.\.\/a"/],
  ["tar: an absolute path", makeTar([{ path: "/app.bin" }]), "archive", /unsafe path/],
  ["tar: a symbolic link", makeTar([{ path: "app.bin", type: "2" }]), "archive", /a link or a device of type "2"/],
  ["tar: a hard link", makeTar([{ path: "app.bin", type: "1" }]), "archive", /type "1"/],
  ["tar: a device", makeTar([{ path: "app.bin", type: "4" }]), "archive", /type "4"/],
  ["tar: a sparse file", makeTar([{ path: "app.bin", type: "S" }]), "archive", /type "S"/],
  ["tar: a sparse file of pax", makeTar([pax("GNU.sparse.major", "1"), { path: "a" }]), "archive", /sparse/],
  ["tar: one name twice", makeTar([{ path: "a.bin" }, { path: "a.bin" }]), "archive", /two members/],
  ["tar: too many members", makeTar(many), "archive", /more than 10000/],
  ["tar: cut short", makeTar(build).subarray(0, 5000), "archive", /cut short in a member \(at byte 0x00000200\)/],
  ["tar: a damaged header", damaged(makeTar(build), 512 + 101), "archive", /damaged header \(at byte 0x00000200\)/],
  [
    "tar: a damaged length",
    makeTar([{ path: "a", lengthBytes: NaN }]),
    "archive",
    /damaged number \(at byte 0x0000007c\)/,
  ],
  ["tar: a broken pax header", makeTar([{ path: "p", type: "x", bytes: Buffer.from("99 a=b\n") }]), "archive", /pax/],
  ["tar: pax without a length", makeTar([{ path: "p", type: "x", bytes: Buffer.from("x a=b\n") }]), "archive", /pax/],
  ["tar: a pax length that is none", makeTar([pax("size", "-1"), { path: "a" }]), "archive", /broken length/],
  ["gzip: damaged", damaged(makeTgz(build), 40), "archive", /cannot be unpacked/],
  ["gzip: cut short", makeTgz(build).subarray(0, -9), "archive", /cannot be unpacked/],
  ["gzip: a wrong CRC", damaged(makeTgz(build), -8), "archive", /cannot be unpacked/],
  ["gzip: nothing in it", new Uint8Array(gzipSync(new Uint8Array(0))), "empty", /is empty/],
  ["gzip: a bomb", new Uint8Array(gzipSync(new Uint8Array(2 ** 27 + 1))), "too-large", /134,217,729/],
])("%s is refused", async (_, bytes, code, message) => {
  const error = await refusal(bytes);
  expect(error.code).toBe(`firmware/${code}`);
  expect(error.message).toMatch(message);
});

function pax(key: string, value: string): MemberRecipe {
  return { path: "pax", type: "x", bytes: paxRecord(key, value) };
}

describe("an archive as firmware", () => {
  const inside = (...members: readonly MemberRecipe[]): Uint8Array => makeZip(members);
  const layoutOf = (path: string): MemberRecipe => ({ path: "build/flash_args", bytes: Buffer.from(`0x0 ${path}`) });

  test.each<[string, Uint8Array, string]>([
    ["an archive in it", inside({ path: "fw.zip", bytes: makeZip(build) }), "firmware/archive"],
    ["a bomb in it", inside({ path: "a.gz", bytes: gzipSync(new Uint8Array(2 ** 27 + 1)) }), "firmware/too-large"],
    ["a layout that leads out", inside(layoutOf("../../secret.bin")), "firmware/layout-path"],
    ["a layout that leads to the disk", inside(layoutOf("/etc/passwd")), "firmware/layout-path"],
    ["a layout that leads to a server", inside(layoutOf("http://169.254.169.254/")), "firmware/layout-path"],
    ["a layout that leads to what it does not hold", inside(layoutOf("secret.bin")), "firmware/no-member"],
    ["two layouts", inside({ ...layoutOf("a"), path: "a/flash_args" }, layoutOf("a")), "firmware/no-member"],
  ])("with %s is refused", async (_, bytes, code) => {
    const bench = openFirmwareBench();
    bench.put("fw.zip", bytes);
    bench.put("secret.bin", "secret");
    const error = await bench.failSet("fw.zip");
    await bench.dispose();
    expect(error.code).toBe(code);
  });
});
