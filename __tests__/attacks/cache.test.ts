import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { digestOf, makeFirmware, openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";
import type { TestServer } from "../support/http-server.js";

let bench: FirmwareBench;
let server: TestServer;
beforeEach(async () => {
  bench = openFirmwareBench();
  server = await bench.serve((_, response) => response.writeHead(200, { etag: '"v1"' }).end(firmware));
});
afterEach(() => bench.dispose());

const firmware = makeFirmware(20_000);
const digest = digestOf(firmware);
const evil = makeFirmware(20_000);

const folder = (): string => join(bench.toolCache, "esp32-firmware");
const entryFolder = (sha256 = digest): string => join(folder(), sha256, "1.0.0", "any");
const entry = (sha256 = digest): string => join(entryFolder(sha256), "firmware.bin");
const records = (): string => join(folder(), "urls");

/** Puts a firmware there as the step does, without its bytes: `lengthBytes` of nothing, used so many seconds ago. */
function plantEntry(sha256: string, lengthBytes: number, usedSecondsAgo: number): void {
  mkdirSync(entryFolder(sha256), { recursive: true });
  writeFileSync(entry(sha256), "");
  truncateSync(entry(sha256), lengthBytes);
  writeFileSync(`${entryFolder(sha256)}.complete`, "");
  const used = Date.now() / 1000 - usedSecondsAgo;
  utimesSync(`${entryFolder(sha256)}.complete`, used, used);
}

/** Moves what the step made into the workspace, and links to it from where it was. */
function linkAway(path: string): void {
  const away = join(bench.workspace, "away");
  renameSync(path, away);
  symlinkSync(away, path, "junction");
}

interface Poison {
  readonly what: string;
  readonly poison: () => void;
}

/** What another job makes of the entry of a pinned firmware. */
const poisons: readonly Poison[] = [
  { what: "other firmware", poison: () => writeFileSync(entry(), evil) },
  { what: "the firmware and more", poison: () => appendFileSync(entry(), "x") },
  { what: "a part of the firmware", poison: () => truncateSync(entry(), 100) },
  { what: "ten gigabytes", poison: () => truncateSync(entry(), 10 * 1024 ** 3) },
  { what: "a link to the same bytes elsewhere, which may change", poison: () => linkAway(entry()) },
  { what: "a link to a folder elsewhere", poison: () => linkAway(entryFolder()) },
  {
    what: "a folder",
    poison: () => {
      rmSync(entry());
      mkdirSync(entry());
    },
  },
  {
    what: "a pipe that nobody writes to",
    poison: () => {
      rmSync(entry());
      spawnSync("mkfifo", [entry()]);
    },
  },
].filter(({ what }) => process.platform !== "win32" || !what.includes("pipe"));

test.each(poisons)("an entry that became $what is told, thrown away and fetched anew", async ({ poison }) => {
  await bench.resolve({ location: server.origin });
  poison();
  const file = await bench.resolve({ location: server.origin, sha256: digest });
  expect(file).toMatchObject({ sha256: digest, fromCache: false });
  expect(bench.messages).toEqual([expect.stringMatching(/is damaged: it is thrown away/)]);
  expect(readFileSync(entry()).equals(firmware)).toBe(true);
});

test("a link in the place of an entry leads neither the copy nor the clearing up elsewhere", async () => {
  const elsewhere = join(bench.workspace, "elsewhere");
  mkdirSync(join(elsewhere, "1.0.0", "any"), { recursive: true });
  writeFileSync(join(elsewhere, "1.0.0", "any", "firmware.bin"), "precious");
  mkdirSync(folder());
  symlinkSync(elsewhere, join(folder(), digest), "junction");
  await bench.resolve({ location: server.origin });
  expect(readFileSync(join(elsewhere, "1.0.0", "any", "firmware.bin"), "utf8")).toBe("precious");
  expect(readFileSync(entry()).equals(firmware)).toBe(true);
});

describe("a record of a URL", () => {
  const forge = (change: (record: { sha256: string; validator: Record<string, string> }) => object): void => {
    for (const name of readdirSync(records())) {
      const path = join(records(), name);
      const text = readFileSync(path, "utf8");
      writeFileSync(path, JSON.stringify(change(JSON.parse(text) as Parameters<typeof change>[0])));
    }
  };
  const forgeries: [string, Parameters<typeof forge>[0]][] = [
    ["with a path in its digest", (record) => ({ ...record, sha256: "../../../../etc/passwd" })],
    ["with a header of its own", (record) => ({ ...record, validator: { ...record.validator, value: "x\r\nX-A: b" } })],
    ["of another place", (record) => ({ ...record, validator: { ...record.validator, finalUrl: "http://host/" } })],
    ["that names an entry which is not there", (record) => ({ ...record, sha256: "ab".repeat(32) })],
    ["that is something else", () => ["__proto__"]],
  ];

  test.each(forgeries)("%s costs one download", async (_, forgery) => {
    await bench.resolve({ location: server.origin });
    forge(forgery);
    expect(await bench.resolve({ location: server.origin })).toMatchObject({ sha256: digest, fromCache: false });
    expect(server.requests.at(-1)?.headers["if-none-match"]).toBeUndefined();
  });

  test("does not let a pinned firmware be another", async () => {
    await bench.resolve({ location: server.origin });
    const other = await bench.serve((_, response) => response.writeHead(200, { etag: '"v1"' }).end(evil));
    await bench.resolve({ location: other.origin });
    forge((record) => ({ ...record, sha256: digestOf(evil) }));
    expect((await bench.resolve({ location: server.origin, sha256: digest })).sha256).toBe(digest);
  });
});

describe("the cache keeps within its size", () => {
  const [oldest, older, newer] = ["a1", "b2", "c3"].map((pair) => pair.repeat(32)) as [string, string, string];
  const megabyte = 1024 * 1024;

  test("by taking away what was used longest ago", async () => {
    plantEntry(older, 400 * megabyte, 200);
    plantEntry(newer, 600 * megabyte, 100);
    plantEntry(oldest, 100 * megabyte, 300);
    await bench.resolve({ location: server.origin });
    expect([oldest, older, newer, digest].map((sha256) => existsSync(entry(sha256)))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test("which an entry is not that was just used", async () => {
    await bench.resolve({ location: server.origin });
    const longAgo = Date.now() / 1000 - 1000;
    utimesSync(`${entryFolder()}.complete`, longAgo, longAgo);
    plantEntry(newer, 1024 * megabyte, 100);
    expect(await bench.resolve({ location: "http://host.invalid", sha256: digest })).toMatchObject({ fromCache: true });
    const next = await bench.serve((_, response) => response.end(evil));
    await bench.resolve({ location: next.origin });
    expect([newer, digest, digestOf(evil)].map((sha256) => existsSync(entry(sha256)))).toEqual([false, true, true]);
  });

  test("and takes away the oldest records of URLs, of which each signed URL leaves one", async () => {
    mkdirSync(records(), { recursive: true });
    for (let index = 0; index < 1000; index++) {
      writeFileSync(join(records(), `${index}.json`), "");
      utimesSync(join(records(), `${index}.json`), 1000 + index, 1000 + index);
    }
    await bench.resolve({ location: `${server.origin}/?signature=1` });
    await bench.resolve({ location: `${server.origin}/?signature=2` });
    // The last record was written after the last look at them.
    expect(readdirSync(records()).length).toBeLessThanOrEqual(1001);
    expect(existsSync(join(records(), "0.json"))).toBe(false);
    expect(existsSync(join(records(), "999.json"))).toBe(true);
  });
});
