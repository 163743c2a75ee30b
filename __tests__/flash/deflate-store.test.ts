import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { systemClock } from "../../src/base/clock.js";
import type { BlockStream } from "../../src/device/flash-access.js";
import { blockStream } from "../../src/flash/blocks.js";
import { fileDeflateStore } from "../../src/flash/deflate-store.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";

const bytes = pseudoCode(0x9000, 3);
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "deflated-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const stream = (place = directory): Promise<BlockStream> => {
  const store = fileDeflateStore(place);
  return blockStream(0, bytes, { blockBytes: 0x4000, byWindow: false, compress: true, store }, systemClock);
};
const inflated = ({ blocks }: BlockStream): Buffer => inflateSync(Buffer.concat(blocks.map((block) => block.bytes)));

test("what was deflated once is found again", async () => {
  const first = await stream();
  expect(readdirSync(directory)).toHaveLength(1);
  expect(await stream()).toEqual(first);
});

test.each(["", "nonsense", "\x78\x9c"])("a kept form that is damaged (%j) is not sent, and made anew", async (text) => {
  const first = await stream();
  const [name = ""] = readdirSync(directory);
  writeFileSync(join(directory, name), text, "latin1");
  expect(await stream()).toEqual(first);
  expect(inflated(await stream()).equals(bytes)).toBe(true);
});

test("a kept form of other bytes is not sent", async () => {
  await stream();
  const other = await blockStream(
    0,
    pseudoCode(0x9000, 4),
    { blockBytes: 0x4000, byWindow: false, compress: true },
    systemClock,
  );
  const [name = ""] = readdirSync(directory);
  writeFileSync(join(directory, name), Buffer.concat(other.blocks.map((block) => block.bytes)));
  expect(inflated(await stream()).equals(bytes)).toBe(true);
});

test("a place that cannot be written costs nothing but time", async () => {
  const file = join(directory, "file");
  writeFileSync(file, "");
  expect(inflated(await stream(join(file, "below"))).equals(bytes)).toBe(true);
});

test("there are never more than 32", () => {
  const store = fileDeflateStore(directory);
  for (let index = 0; index < 40; index++) store.keep(Uint8Array.of(index), Uint8Array.of(index));
  expect(readdirSync(directory)).toHaveLength(32);
  expect(store.find(Uint8Array.of(39))).toEqual(Buffer.of(39));
});
