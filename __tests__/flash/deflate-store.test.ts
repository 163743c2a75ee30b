import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { systemClock } from "../../src/base/clock.js";
import { deflatedForm } from "../../src/flash/blocks.js";
import { fileDeflateStore } from "../../src/flash/deflate-store.js";
import type { DeflateStore } from "../../src/flash/deflate-store.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";

const bytes = pseudoCode(0x9000, 3);
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "deflated-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const form = async (place = directory): Promise<Uint8Array> => {
  const made = await deflatedForm(bytes, { store: fileDeflateStore(place) }, systemClock);
  return made?.bytes ?? new Uint8Array(0);
};

test("what was deflated once is found again", async () => {
  const first = await form();
  expect(readdirSync(directory)).toHaveLength(1);
  expect(await form()).toEqual(first);
});

test.each(["", "nonsense", "\x78\x9c"])("a kept form that is damaged (%j) is not sent, and made anew", async (text) => {
  const first = await form();
  const [name = ""] = readdirSync(directory);
  writeFileSync(join(directory, name), text, "latin1");
  expect(await form()).toEqual(first);
  expect(inflateSync(await form()).equals(bytes)).toBe(true);
});

test("a kept form of other bytes is not sent", async () => {
  await form();
  const other = await deflatedForm(pseudoCode(0x9000, 4), {}, systemClock);
  const [name = ""] = readdirSync(directory);
  writeFileSync(join(directory, name), other?.bytes ?? "");
  expect(inflateSync(await form()).equals(bytes)).toBe(true);
});

test("a place that cannot be written costs nothing but time", async () => {
  const file = join(directory, "file");
  writeFileSync(file, "");
  expect(inflateSync(await form(join(file, "below"))).equals(bytes)).toBe(true);
});

describe("when there are more than 32", () => {
  const store = (): DeflateStore => fileDeflateStore(directory);
  const keep = (index: number): void => store().keep(Uint8Array.of(index), Uint8Array.of(index));
  const has = (index: number): boolean => store().find(Uint8Array.of(index)) !== undefined;
  /** Sets when each was used last: the one kept first the longest ago. */
  const age = (names: readonly string[]): void =>
    names.forEach((name, index) => {
      const date = new Date(Date.UTC(2026, 0, 1, 0, index));
      utimesSync(join(directory, name), date, date);
    });
  /** 32 of them, and their files in the order in which they were kept. */
  const fill = (): readonly string[] => {
    const names: string[] = [];
    for (let index = 0; index < 32; index++) {
      keep(index);
      names.push(...readdirSync(directory).filter((name) => !names.includes(name)));
    }
    return names;
  };

  test("those go that were not used for longest, whether they were made or found then", () => {
    age(fill());
    expect(has(0)).toBe(true);
    keep(32);
    keep(33);
    expect(readdirSync(directory)).toHaveLength(32);
    expect([0, 1, 2, 3, 31, 32, 33].map(has)).toEqual([true, false, false, true, true, true, true]);
  });

  test("what a killed job left half written makes room as well", () => {
    const names = fill();
    const left = `${names[0]}.4711`;
    writeFileSync(join(directory, left), "");
    age([left, ...names]);
    keep(32);
    expect(readdirSync(directory)).toHaveLength(32);
    expect(readdirSync(directory)).not.toContain(left);
  });

  test("other files are left alone, and do not count", () => {
    writeFileSync(join(directory, "a note"), "");
    age(["a note", ...fill()]);
    expect(readdirSync(directory)).toHaveLength(33);
    keep(32);
    expect(readdirSync(directory)).toHaveLength(33);
    expect(readdirSync(directory)).toContain("a note");
  });
});

test("a form that is longer than what it holds is found, too, and one far longer is not read", () => {
  const store = fileDeflateStore(directory);
  const whole = new Uint8Array(0x180000);
  store.keep(whole, new Uint8Array(whole.length + 480));
  expect(store.find(whole)).toHaveLength(whole.length + 480);
  store.keep(bytes, new Uint8Array(0x100000));
  expect(store.find(bytes)).toBeUndefined();
});

(process.platform === "win32" ? test.skip : test)("no other user can read what was kept (POSIX only)", () => {
  fileDeflateStore(directory).keep(bytes, bytes);
  const modes = readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o077);
  expect(modes).toEqual([0]);
});
