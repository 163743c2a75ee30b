import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, RequestListener } from "node:http";
import { hostname } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.js";
import { withLock } from "../../src/firmware/cache-lock.js";
import { FastClock } from "../support/fast-clock.js";
import { digestOf, makeFirmware, openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";

let bench: FirmwareBench;
beforeEach(() => {
  bench = openFirmwareBench();
});
afterEach(() => bench.dispose());

const firmware = makeFirmware(20_000);
const digest = digestOf(firmware);
const longAgo = "Sun, 01 Nov 2026 10:00:00 GMT";

/** A server that answers 304 to whoever has the current file. */
function fileServer(state: { bytes: Uint8Array; headers: Record<string, string> }): RequestListener {
  return (request, response) => {
    const { etag, "last-modified": lastModified } = state.headers;
    const isCurrent =
      (etag !== undefined && request.headers["if-none-match"] === etag) ||
      (lastModified !== undefined && request.headers["if-modified-since"] === lastModified);
    response.writeHead(isCurrent ? 304 : 200, state.headers).end(isCurrent ? undefined : state.bytes);
  };
}

const isConditional = (request: IncomingMessage | undefined): boolean =>
  request?.headers["if-none-match"] !== undefined || request?.headers["if-modified-since"] !== undefined;

const entryOf = (sha256: string): string =>
  join(bench.toolCache, "esp32-firmware", sha256, "1.0.0", "any", "firmware.bin");

describe("a second run", () => {
  test.each([
    ["an ETag", { etag: '"v1"' }],
    ["a weak ETag", { etag: 'W/"v1"' }],
    ["a date", { "last-modified": longAgo }],
  ])("downloads nothing when %s says that nothing changed", async (_, headers) => {
    const server = await bench.serve(fileServer({ bytes: firmware, headers }));
    await bench.resolve({ location: server.origin });
    const again = await bench.resolve({ location: server.origin });
    expect(again).toMatchObject({ sha256: digest, fromCache: true, downloadedBytes: 0, name: `${server.origin}/` });
    expect(Buffer.from(again.bytes).equals(firmware)).toBe(true);
    expect(server.requests).toHaveLength(2);
    expect(bench.messages).toEqual([]);
  });

  test("downloads what changed, and then knows that", async () => {
    const state = { bytes: firmware, headers: { etag: '"v1"' } };
    const server = await bench.serve(fileServer(state));
    await bench.resolve({ location: server.origin });
    Object.assign(state, { bytes: makeFirmware(), headers: { etag: '"v2"' } });
    expect(await bench.resolve({ location: server.origin })).toMatchObject({ fromCache: false, downloadedBytes: 5000 });
    expect(await bench.resolve({ location: server.origin })).toMatchObject({
      sha256: digestOf(state.bytes),
      fromCache: true,
    });
  });

  test.each([
    ["another query", "/fw.bin?v=2"],
    ["another path", "/other.bin"],
  ])("does not take the file of %s for this one", async (_, path) => {
    const server = await bench.serve(fileServer({ bytes: firmware, headers: { etag: '"v1"' } }));
    await bench.resolve({ location: `${server.origin}/fw.bin?v=1` });
    expect(await bench.resolve({ location: server.origin + path })).toMatchObject({ fromCache: false });
  });

  test("does not trust a date of a moment ago, for the file may change again within its second", async () => {
    const server = await bench.serve(
      fileServer({ bytes: firmware, headers: { "last-modified": new Date().toUTCString() } }),
    );
    await bench.resolve({ location: server.origin });
    expect(await bench.resolve({ location: server.origin })).toMatchObject({ fromCache: false });
  });

  test("asks the place at the end of the redirects, whatever its signature is today", async () => {
    const files = await bench.serve(fileServer({ bytes: firmware, headers: { etag: '"v1"' } }));
    let signature = 0;
    const server = await bench.serve((_, response) => {
      response.writeHead(302, { location: `${files.origin}/v1.bin?signature=${++signature}` }).end();
    });
    await bench.resolve({ location: server.origin });
    expect(await bench.resolve({ location: server.origin })).toMatchObject({ fromCache: true, downloadedBytes: 0 });
    expect(server.requests.some(isConditional)).toBe(false);
  });

  test("does not confuse two files with the same ETag behind one redirect", async () => {
    const files = await bench.serve((request, response) => {
      const isCurrent = request.headers["if-none-match"] === '"1"';
      response.writeHead(isCurrent ? 304 : 200, { etag: '"1"' }).end(isCurrent ? "" : `\0${request.url ?? ""}`);
    });
    let latest = "/v1.bin";
    const server = await bench.serve((_, response) => {
      response.writeHead(302, { location: files.origin + latest }).end();
    });
    await bench.resolve({ location: server.origin });
    latest = "/v2.bin";
    const result = await bench.resolve({ location: server.origin });
    expect(Buffer.from(result.bytes).toString()).toBe("\0/v2.bin");
  });

  test("with a page that sha256 named once still refuses that page without it", async () => {
    const page = Buffer.from("<html></html>");
    const server = await bench.serve(fileServer({ bytes: page, headers: { etag: '"v1"' } }));
    await bench.resolve({ location: server.origin, sha256: digestOf(page) });
    expect((await bench.fail({ location: server.origin })).code).toBe("firmware/html");
  });
});

describe("firmware that sha256 pins", () => {
  test("comes from the cache with no server at all, from any URL", async () => {
    const server = await bench.serve(fileServer({ bytes: firmware, headers: {} }));
    await bench.resolve({ location: server.origin });
    await server.close();
    const pinned = await bench.resolve({ location: "https://host.invalid/fw.bin", sha256: digest.toUpperCase() });
    expect(pinned).toMatchObject({ sha256: digest, fromCache: true, downloadedBytes: 0 });
    expect(Buffer.from(pinned.bytes).equals(firmware)).toBe(true);
  });

  test("is asked for without conditions when it is not cached", async () => {
    const state = { bytes: firmware, headers: { etag: '"v1"' } };
    const server = await bench.serve(fileServer(state));
    await bench.resolve({ location: server.origin });
    const next = makeFirmware();
    state.bytes = next;
    const result = await bench.resolve({ location: server.origin, sha256: digestOf(next) });
    expect(result.sha256).toBe(digestOf(next));
    expect(isConditional(server.requests[1])).toBe(false);
  });

  test("unpinned, an old copy is no answer when the server is gone", async () => {
    const server = await bench.serve(fileServer({ bytes: firmware, headers: { etag: '"v1"' } }));
    await bench.resolve({ location: server.origin });
    await server.close();
    expect((await bench.fail({ location: server.origin })).code).toBe("firmware/unreachable");
  });
});

describe("a damaged entry", () => {
  const damages: [string, () => void][] = [
    ["with other bytes", () => writeFileSync(entryOf(digest), makeFirmware())],
    ["cut short", () => writeFileSync(entryOf(digest), firmware.subarray(0, 100))],
    ["without its file", () => rmSync(entryOf(digest))],
  ];

  test.each(damages)("%s is fetched anew and mended", async (_, damage) => {
    const server = await bench.serve(fileServer({ bytes: firmware, headers: { etag: '"v1"' } }));
    for (const sha256 of [undefined, digest]) {
      await bench.resolve({ location: server.origin, sha256 });
      damage();
      const fresh = await bench.resolve({ location: server.origin, sha256 });
      expect(fresh).toMatchObject({ sha256: digest, fromCache: false, downloadedBytes: 20_000 });
      expect(isConditional(server.requests.at(-1))).toBe(false);
      expect(bench.messages.splice(0)).toEqual([
        expect.stringMatching(/is damaged: it is thrown away and fetched anew/),
      ]);
      expect(readFileSync(entryOf(digest)).equals(firmware)).toBe(true);
    }
  });

  test("is thrown away also when the server is gone", async () => {
    const server = await bench.serve(fileServer({ bytes: firmware, headers: {} }));
    await bench.resolve({ location: server.origin });
    await server.close();
    writeFileSync(entryOf(digest), "nonsense");
    expect((await bench.fail({ location: server.origin, sha256: digest })).code).toBe("firmware/unreachable");
    expect(existsSync(entryOf(digest))).toBe(false);
  });

  test.each(["{", '{"sha256":"../../../etc","validator":{}}', ""])(
    "of the URL's record (%j) costs one download",
    async (text) => {
      const server = await bench.serve(fileServer({ bytes: firmware, headers: { etag: '"v1"' } }));
      await bench.resolve({ location: server.origin });
      const urls = join(bench.toolCache, "esp32-firmware", "urls");
      for (const name of readdirSync(urls)) writeFileSync(join(urls, name), text);
      expect(await bench.resolve({ location: server.origin })).toMatchObject({ fromCache: false });
      expect(await bench.resolve({ location: server.origin })).toMatchObject({ fromCache: true });
    },
  );
});

describe("without a usable cache the job goes on, and says why once", () => {
  test.each<[string, RegExp, () => void]>([
    ["RUNNER_TOOL_CACHE is not set", /RUNNER_TOOL_CACHE is not set/, () => delete process.env.RUNNER_TOOL_CACHE],
    [
      "the tool cache is a file",
      /ENOTDIR/,
      () => {
        rmSync(bench.toolCache, { recursive: true });
        writeFileSync(bench.toolCache, "");
      },
    ],
    ["RUNNER_TEMP does not exist", /ENOENT/, () => (process.env.RUNNER_TEMP = join(bench.toolCache, "missing"))],
  ])("%s", async (_, reason, breakCache) => {
    breakCache();
    const server = await bench.serve(fileServer({ bytes: firmware, headers: { etag: '"v1"' } }));
    expect(await bench.resolve({ location: server.origin })).toMatchObject({ sha256: digest, fromCache: false });
    expect(bench.messages).toHaveLength(1);
    expect(bench.messages[0]).toMatch(/^The firmware cache cannot be used: .*goes on without it/);
    expect(bench.messages[0]).toMatch(reason);
  });
});

describe("two jobs at once", () => {
  test("both get the firmware, and one entry is left", async () => {
    const server = await bench.serve(fileServer({ bytes: firmware, headers: { etag: '"v1"' } }));
    const jobs = Array.from({ length: 6 }, () => bench.resolve({ location: server.origin }, { clock: systemClock }));
    expect((await Promise.all(jobs)).map((result) => result.sha256)).toEqual(Array(6).fill(digest));
    expect(bench.messages).toEqual([]);
    expect(readFileSync(entryOf(digest)).equals(firmware)).toBe(true);
    expect(readdirSync(join(bench.toolCache, "esp32-firmware", "locks"))).toEqual([]);
    expect(await bench.resolve({ location: server.origin })).toMatchObject({ fromCache: true });
  });
});

describe("the lock", () => {
  const signal = new AbortController().signal;
  let path: string;
  beforeEach(() => {
    mkdirSync(join(bench.toolCache, "locks"));
    path = join(bench.toolCache, "locks", "one");
  });

  test("lets one in at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await systemClock.breathe();
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(path, { clock: new FastClock(), signal }, work)));
    expect(most).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  test("is free again after work that failed", async () => {
    const failing = withLock(path, { clock: new FastClock(), signal }, () => Promise.reject(new Error("no room")));
    await expect(failing).rejects.toThrow("no room");
    expect(existsSync(path)).toBe(false);
  });

  test("of a process that died is taken over without a wait", async () => {
    const clock = new FastClock();
    // Process ids end far below.
    writeFileSync(path, `${hostname()} 999999999 gone`);
    expect(await withLock(path, { clock, signal }, () => Promise.resolve("done"))).toBe("done");
    expect(clock.waitsMs).toEqual([]);
  });

  test.each([
    ["another machine", "another-machine 1 id"],
    ["a process that wrote no name", ""],
  ])("of %s is taken over after a minute", async (_, owner) => {
    const clock = new FastClock();
    writeFileSync(path, owner);
    expect(await withLock(path, { clock, signal }, () => Promise.resolve("done"))).toBe("done");
    expect(clock.nowMs()).toBeGreaterThanOrEqual(60_000);
  });

  test("is not waited for after an abort", async () => {
    const controller = new AbortController();
    const reason = new Error("cancelled");
    writeFileSync(path, "another-machine 1 id");
    const waiting = withLock(path, { clock: systemClock, signal: controller.signal }, () => Promise.resolve());
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(readFileSync(path, "utf8")).toBe("another-machine 1 id");
  });
});
