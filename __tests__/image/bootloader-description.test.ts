import { parseBootloaderDescription } from "../../src/image/bootloader-description.js";

/** As ESP-IDF puts it at the start of a bootloader's first segment: magic, version, IDF's version, time of the build. */
function description(changes: { readonly magic?: number; readonly idfVersion?: string } = {}): Uint8Array {
  const bytes = Buffer.alloc(80);
  bytes.writeUInt8(changes.magic ?? 0x50, 0);
  bytes.writeUInt32LE(7, 4);
  bytes.write(changes.idfVersion ?? "v5.3.1-dirty", 8, "latin1");
  bytes.write("Nov  1 2024 12:00:00", 40, "latin1");
  return bytes;
}

test("a bootloader tells its version, that of ESP-IDF and when it was built", () => {
  const told = { version: 7, idfVersion: "v5.3.1-dirty", compileTime: "Nov  1 2024 12:00:00" };
  expect(parseBootloaderDescription(description())).toEqual(told);
  expect(parseBootloaderDescription(Buffer.concat([description(), Buffer.alloc(9)]))).toEqual(told);
});

test.each([
  ["code that begins with another byte", description({ magic: 0x51 })],
  ["a segment that is one byte short", description().subarray(0, 79)],
  ["no segment at all", new Uint8Array(0)],
  ["no version", description({ idfVersion: "" })],
  ["a version that begins with no letter", description({ idfVersion: "\x01v5.3" })],
  ["a version that ends with no letter", description({ idfVersion: "v5.3\xff" })],
])("%s is no description", (_what, bytes) => {
  expect(parseBootloaderDescription(bytes)).toBeUndefined();
});
