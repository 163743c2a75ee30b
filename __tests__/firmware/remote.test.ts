import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { systemClock } from "../../src/base/clock.js";
import type { FileRequest } from "../../src/firmware/source.js";
import { digestOf, makeFirmware, openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";

let bench: FirmwareBench;
beforeEach(() => {
  bench = openFirmwareBench();
});
afterEach(async () => {
  expect(bench.clock.pendingLong).toBe(0);
  await bench.dispose();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const firmware = makeFirmware(20_000);

const send =
  (body: string | Uint8Array, headers: Record<string, string> = {}, status = 200): Handler =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

/** The first handler for the first request, and so on; the last one for all that follow. */
const inTurn = (...handlers: readonly Handler[]): Handler => {
  let turn = 0;
  return (request, response) => handlers[Math.min(turn++, handlers.length - 1)]?.(request, response);
};

const breakOff: Handler = (_, response) => {
  response.writeHead(200, { "content-length": "20000" });
  response.write(firmware.subarray(0, 5000), () => response.destroy());
};

describe("a download", () => {
  test("brings bytes, digest and a name without secrets", async () => {
    const server = await bench.serve(send(firmware));
    const result = await bench.resolve({
      location: `${server.origin.replace("//", "//user:pass@")}/fw.bin?token=secret#part`,
    });
    expect(Buffer.from(result.bytes).equals(firmware)).toBe(true);
    expect(result).toMatchObject({
      name: `${server.origin}/fw.bin`,
      sha256: digestOf(firmware),
      source: "url",
      fromCache: false,
      downloadedBytes: 20_000,
    });
    expect(server.requests[0]?.url).toBe("/fw.bin?token=secret");
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from("user:pass").toString("base64")}`,
      "accept-encoding": "identity",
    });
    expect(bench.messages).toEqual([]);
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])("undoes %s that nobody asked for", async (encoding, compress) => {
    const body = compress(firmware);
    const server = await bench.serve(send(body, { "content-encoding": encoding }));
    const result = await bench.resolve({ location: server.origin });
    expect(Buffer.from(result.bytes).equals(firmware)).toBe(true);
    expect(result.downloadedBytes).toBe(body.length);
  });

  test.each<[string, Handler, number[]]>([
    ["500", send("", {}, 500), [1000]],
    ["503 with a Retry-After of seconds", send("", { "retry-after": "7" }, 503), [7000]],
    [
      "429 with a Retry-After of a date",
      send("", { date: "Sun, 22 Nov 2026 10:00:00 GMT", "retry-after": "Sun, 22 Nov 2026 10:00:09 GMT" }, 429),
      [9000],
    ],
    ["503 with a Retry-After of a day", send("", { "retry-after": "86400" }, 503), [20_000]],
    ["a broken body", breakOff, [1000]],
    ["a broken connection", (request) => request.socket.destroy(), [1000]],
  ])("is tried again after %s", async (_, trouble, waitsMs) => {
    const server = await bench.serve(inTurn(trouble, send(firmware)));
    const result = await bench.resolve({ location: `${server.origin}/fw.bin?secret` });
    expect(result.sha256).toBe(digestOf(firmware));
    expect(bench.clock.waitsMs).toEqual(waitsMs);
    expect(bench.messages).toHaveLength(1);
    expect(bench.messages[0]).toMatch(/try 2 of 3 follows in \d+ s$/);
    expect(bench.messages[0]).not.toMatch(/secret/);
  });

  test.each(["image", "data"] as const)("with a matching sha256 may look like anything (%s)", async (purpose) => {
    const page = Buffer.from("<html></html>");
    const server = await bench.serve(send(page, { "content-type": "text/html" }));
    const request = { location: server.origin, purpose, sha256: digestOf(page) };
    expect((await bench.resolve(request)).bytes).toHaveLength(page.length);
  });

  test("goes on over redirects, and the credentials only to their own server", async () => {
    const other = await bench.serve(send(firmware));
    const server = await bench.serve(
      inTurn(send("", { location: "/moved.bin" }, 301), send("", { location: `${other.origin}/fw.bin` }, 302)),
    );
    const result = await bench.resolve({ location: `${server.origin.replace("//", "//user:pass@")}/fw.bin` });
    expect(result.sha256).toBe(digestOf(firmware));
    expect(server.requests.map((request) => request.headers.authorization !== undefined)).toEqual([true, true]);
    expect(other.requests.map((request) => request.headers.authorization)).toEqual([undefined]);
  });

  test("goes on over five redirects", async () => {
    const hop = send("", { location: "/next" }, 307);
    const server = await bench.serve(inTurn(hop, hop, hop, hop, hop, send(firmware)));
    await expect(bench.resolve({ location: server.origin })).resolves.toBeDefined();
  });
});

describe("a download is refused", () => {
  interface Row {
    readonly code: string;
    readonly message: RegExp;
    readonly tries: number;
    readonly handler: Handler;
    readonly request?: Partial<FileRequest>;
  }
  const rows: Record<string, Row> = {
    "404": { code: "firmware/http-status", message: /answers 404 Not Found$/, tries: 1, handler: send("", {}, 404) },
    "401": { code: "firmware/http-status", message: /401 Unauthorized$/, tries: 1, handler: send("", {}, 401) },
    "403": { code: "firmware/http-status", message: /403 Forbidden$/, tries: 1, handler: send("", {}, 403) },
    "204": { code: "firmware/http-status", message: /204 No Content$/, tries: 1, handler: send("", {}, 204) },
    "304 to a plain question": { code: "firmware/http-status", message: /304/, tries: 1, handler: send("", {}, 304) },
    "500 three times": { code: "firmware/http-status", message: /500/, tries: 3, handler: send("", {}, 500) },
    "connections that break": {
      code: "firmware/unreachable",
      message: /^127\.0\.0\.1:\d+ cannot be reached: .* closed the connection \(ECONNRESET\)$/,
      tries: 3,
      handler: (request) => request.socket.destroy(),
    },
    "bodies that break off": {
      code: "firmware/truncated",
      message: /broke off after 5,000 bytes of 20,000 bytes/,
      tries: 3,
      handler: breakOff,
    },
    "a body that breaks off without an announced length": {
      code: "firmware/truncated",
      message: /broke off after 5,000 bytes \(/,
      tries: 3,
      handler: (_, response) => response.write(firmware.subarray(0, 5000), () => response.destroy()),
    },
    "a compressed body that ends early": {
      code: "firmware/truncated",
      message: /broke off/,
      tries: 3,
      handler: send(gzipSync(firmware).subarray(0, 9000), { "content-encoding": "gzip" }),
    },
    "a body that is not compressed as announced": {
      code: "firmware/encoding",
      message: /cannot be decompressed: Z_DATA_ERROR/,
      tries: 1,
      handler: send(firmware, { "content-encoding": "gzip" }),
    },
    "an unknown compression": {
      code: "firmware/encoding",
      message: /Content-Encoding "snappy"; known are gzip/,
      tries: 1,
      handler: send(firmware, { "content-encoding": "snappy" }),
    },
    "an empty body": { code: "firmware/empty", message: /is empty$/, tries: 1, handler: send("") },
    "an announced length above all flashes": {
      code: "firmware/too-large",
      message: /at least 134,217,729 bytes/,
      tries: 1,
      handler: (_, response) => {
        response.writeHead(200, { "content-length": String(128 * 1024 * 1024 + 1) }).flushHeaders();
      },
    },
    "a redirect to itself": {
      code: "firmware/redirect",
      message: /redirects more than 5 times$/,
      tries: 6,
      handler: send("", { location: "/fw.bin" }, 302),
    },
    "a redirect to a file": {
      code: "firmware/redirect",
      message: /redirects to file:\/\/\/etc\/hostname, which is neither http nor https/,
      tries: 1,
      handler: send("", { location: "file:///etc/hostname" }, 302),
    },
    "a redirect without a target": {
      code: "firmware/redirect",
      message: /without saying where to/,
      tries: 1,
      handler: send("", {}, 302),
    },
    "an HTML page": {
      code: "firmware/html",
      message: /fw\.bin \(13 bytes\) is an HTML page; if it is meant, name its `sha256`/,
      tries: 1,
      handler: send("<html></html>", { "content-type": "text/html" }),
      request: { purpose: "data" },
    },
    "a JSON error": {
      code: "firmware/json",
      message: /is a JSON document/,
      tries: 1,
      handler: send('{"error":"token expired"}', { "content-type": "application/json" }),
      request: { purpose: "data" },
    },
    "an LFS pointer": {
      code: "firmware/lfs-pointer",
      message: /is a Git LFS pointer to a file of 99 bytes/,
      tries: 1,
      handler: send("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 99\n"),
      request: { purpose: "data" },
    },
    "other bytes than sha256 says": {
      code: "firmware/sha256",
      message: new RegExp(`20,000 bytes.*${digestOf(firmware)}.*${"1".repeat(64)}`),
      tries: 1,
      handler: send(firmware),
      request: { sha256: "1".repeat(64) },
    },
  };

  test.each(Object.entries(rows))("for %s", async (_, { code, message, tries, handler, request }) => {
    const server = await bench.serve(handler);
    const location = `${server.origin.replace("//", "//user:hunter22@")}/fw.bin?token=hunter22`;
    const error = await bench.fail({ location, ...request });
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(server.requests).toHaveLength(tries);
    expect(bench.messages).toHaveLength(tries === 3 ? 2 : 0);
    expect(JSON.stringify([error.message, error.details, String(error.cause), bench.messages])).not.toMatch(/hunter22/);
  });

  test("by a server that is not there", async () => {
    const server = await bench.serve(send(""));
    await server.close();
    const error = await bench.fail({ location: server.origin });
    expect(error.code).toBe("firmware/unreachable");
    expect(error.message).toMatch(/ECONNREFUSED/);
    expect(bench.clock.waitsMs).toEqual([1000, 4000]);
  });
});

describe("a server that stops sending", () => {
  /** Sends some bytes and calls `then` when they are on their way. */
  const stall =
    (then: () => void): Handler =>
    (_, response) => {
      response.writeHead(200, { "content-length": "20000" });
      response.write(firmware.subarray(0, 5000), () => setImmediate(then));
    };

  test("is left after 30 s without a byte, and asked again", async () => {
    const server = await bench.serve(
      inTurn(
        () => setImmediate(() => bench.clock.expire(30_000)),
        stall(() => bench.clock.expire(30_000)),
        send(firmware),
      ),
    );
    const result = await bench.resolve({ location: server.origin });
    expect(result.sha256).toBe(digestOf(firmware));
    expect(bench.messages).toHaveLength(2);
    expect(bench.messages[0]).toMatch(/sent nothing for 30 s; try 2 of 3/);
  });

  test("is left for good after ten minutes", async () => {
    const server = await bench.serve(stall(() => bench.clock.expire(600_000)));
    const error = await bench.fail({ location: server.origin });
    expect(error.code).toBe("firmware/timeout");
    expect(error.message).toMatch(/longer than 10 min/);
    expect(server.requests).toHaveLength(1);
  });

  test.each<[string, (abort: () => void) => Handler]>([
    ["before it answers", (abort) => () => setImmediate(abort)],
    ["in the middle of the body", stall],
    [
      "while the next try is awaited",
      (abort) => (_, response) => response.writeHead(503).end(() => setImmediate(abort)),
    ],
  ])("is left at once when the job is cancelled %s", async (_, handler) => {
    const controller = new AbortController();
    const reason = new Error("cancelled");
    const server = await bench.serve(handler(() => controller.abort(reason)));
    const request = bench.resolve({ location: server.origin }, { signal: controller.signal, clock: systemClock });
    await expect(request).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });
});
