import { gzipSync } from "node:zlib";
import { concatBytes } from "../../src/base/bytes.js";
import { systemClock } from "../../src/base/clock.js";
import { FlashError } from "../../src/base/errors.js";
import { openArchive, gunzipped, splitMember } from "../../src/firmware/unpack.js";
import { makeTar, makeTgz, makeZip, paxRecord } from "../support/archives.js";
import type { MemberRecipe } from "../support/archives.js";
import { digestOf } from "../support/firmware-bench.js";
import { patternBytes } from "../support/images.js";

const app = patternBytes(70_000);
const table = patternBytes(3072, 9);
const build: readonly MemberRecipe[] = [
  { path: "build/", type: "5", mode: 0o040755, method: 0 },
  { path: "./build/app.bin", bytes: app },
  { path: "build/table.bin", bytes: table },
];

/** Digests of everything in an archive, or the error that it ends with. */
async function unpack(bytes: Uint8Array): Promise<Record<string, string> | FlashError> {
  try {
    const plain = await gunzipped({ name: "fw.zip", bytes });
    const archive = openArchive(plain, systemClock);
    if (archive === undefined) throw new Error("no archive");
    const entries = await Promise.all(
      archive.members.map(async (path) => [path, digestOf(await archive.read(path))] as const),
    );
    return Object.fromEntries(entries);
  } catch (error) {
    if (error instanceof FlashError) return error;
    throw error;
  }
}

test.each<[string, Uint8Array]>([
  ["a zip file", makeZip(build)],
  ["a zip file with stored members", makeZip(build.map((member) => ({ ...member, method: 0 })))],
  ["a zip file with a comment", makeZip(build, { comment: "made by hand" })],
  ["a tar file", makeTar(build)],
  ["a tar file without its end", makeTar(build).subarray(0, -1024)],
  ["a tgz file", makeTgz(build)],
  ["a tgz file in two gzip members", concatBytes(makeTgz(build).subarray(0, 0), ...halves(makeTar(build)))],
])("%s gives its files and leaves out its folders", async (_, bytes) => {
  expect(await unpack(bytes)).toEqual({ "build/app.bin": digestOf(app), "build/table.bin": digestOf(table) });
});

function halves(bytes: Uint8Array): Uint8Array[] {
  const middle = bytes.length / 2;
  return [bytes.subarray(0, middle), bytes.subarray(middle)].map((half) => new Uint8Array(gzipSync(half)));
}

const longPath = `${"deep/".repeat(30)}app.bin`;

test.each<[string, readonly MemberRecipe[]]>([
  ["pax", [{ path: "pax", type: "x", bytes: paxRecord("path", longPath) }]],
  ["GNU", [{ path: "././@LongLink", type: "L", bytes: Buffer.from(`${longPath}\0`) }]],
])("a long name in the form of %s is read", async (_, before) => {
  const members = await unpack(makeTar([...before, { path: "cut short", bytes: app }]));
  expect(members).toEqual({ [longPath]: digestOf(app) });
});

test("a global pax header, as git archive writes it, says nothing about members", async () => {
  const header = { path: "pax_global_header", type: "g", bytes: paxRecord("comment", "0123456789") };
  expect(await unpack(makeTar([header, { path: "a.bin", bytes: app }]))).toEqual({ "a.bin": digestOf(app) });
});

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
  const error = await unpack(bytes);
  if (!(error instanceof FlashError)) throw new Error("it was taken");
  expect(error.code).toBe(`firmware/${code}`);
  expect(error.message).toMatch(message);
});

function pax(key: string, value: string): MemberRecipe {
  return { path: "pax", type: "x", bytes: paxRecord(key, value) };
}

test.each([
  ["build/fw.zip#app.bin", "build/fw.zip", "app.bin"],
  ["fw.tar.gz#build/app.bin", "fw.tar.gz", "build/app.bin"],
  ["C:\\fw.tgz#app.bin", "C:\\fw.tgz", "app.bin"],
  ["https://host/download?id=3#my%20app.bin", "https://host/download?id=3", "my app.bin"],
  ["github-release:o/r@v1/fw.zip#a.bin", "github-release:o/r@v1/fw.zip", "a.bin"],
  ["build#2/app.bin", "build#2/app.bin", undefined],
  ["https://host/fw.bin#", "https://host/fw.bin#", undefined],
])("%s is the file %s with the member %s", (location, file, member) => {
  expect(splitMember(location)).toEqual({ location: file, ...(member === undefined ? {} : { member }) });
});
