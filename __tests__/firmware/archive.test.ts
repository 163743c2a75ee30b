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
