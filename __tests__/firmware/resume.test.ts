import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { digestOf, makeFirmware, openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";

let bench: FirmwareBench;
beforeEach(() => {
  bench = openFirmwareBench();
});
afterEach(() => bench.dispose());

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const firmware = makeFirmware(20_000);
const other = makeFirmware(20_000);
const etag = '"v1"';

/** Announces all of `bytes` from `start` on, and breaks off after 5,000 of them. */
const breakOff =
  (headers: Record<string, string>, bytes: Uint8Array = firmware, start = 0): Handler =>
  (_, response) => {
    response.writeHead(start === 0 ? 200 : 206, { ...headers, "content-length": String(bytes.length - start) });
    response.write(bytes.subarray(start, start + 5000), () => response.destroy());
  };
const whole =
  (bytes: Uint8Array, headers: Record<string, string> = { etag }): Handler =>
  (_, response) =>
    response.writeHead(200, headers).end(bytes);
const part =
  (range: string, bytes: Uint8Array, headers: Record<string, string> = { etag }): Handler =>
  (_, response) =>
    response.writeHead(206, { ...headers, "content-range": `bytes ${range}` }).end(bytes);
const rest = (start: number): Handler => part(`${start}-19999/20000`, firmware.subarray(start));

/** A server with one handler for each request, and the ranges that it was asked for. */
async function serve(...handlers: readonly Handler[]): Promise<{ origin: string; ranges: () => unknown[] }> {
  let turn = 0;
  const server = await bench.serve((request, response) => handlers[turn++]?.(request, response));
  const ranges = (): unknown[] => server.requests.map(({ headers }) => [headers.range, headers["if-range"]]);
  return { origin: server.origin, ranges };
}

test("a broken download goes on where it broke off", async () => {
  const { origin, ranges } = await serve(breakOff({ etag }), rest(5000));
  const file = await bench.resolve({ location: origin });
  expect(file).toMatchObject({ sha256: digestOf(firmware), downloadedBytes: 20_000 });
  expect(ranges()).toEqual([
    [undefined, undefined],
    ["bytes=5000-", etag],
  ]);
});

test("and so does one that breaks off again", async () => {
  const again = breakOff({ etag, "content-range": "bytes 5000-19999/20000" }, firmware, 5000);
  const { origin, ranges } = await serve(breakOff({ etag }), again, rest(10_000));
  expect((await bench.resolve({ location: origin })).sha256).toBe(digestOf(firmware));
  expect(ranges().at(-1)).toEqual(["bytes=10000-", etag]);
});

test("a file that changed meanwhile is fetched as a whole", async () => {
  const { origin } = await serve(breakOff({ etag }), whole(other, { etag: '"v2"' }));
  expect((await bench.resolve({ location: origin })).sha256).toBe(digestOf(other));
});

test.each<[string, Record<string, string>]>([
  ["no ETag", {}],
  ["a weak ETag", { etag: 'W/"v1"' }],
])("with %s nothing tells that the rest belongs to it, so all is asked for", async (_, headers) => {
  const { origin, ranges } = await serve(breakOff(headers), whole(firmware));
  expect((await bench.resolve({ location: origin })).sha256).toBe(digestOf(firmware));
  expect(ranges()[1]).toEqual([undefined, undefined]);
});

test("a compressed body is asked for as a whole, as its parts mean nothing", async () => {
  const packed = gzipSync(firmware);
  const headers = { etag, "content-encoding": "gzip" };
  const { origin, ranges } = await serve(breakOff(headers, packed), whole(packed, headers));
  expect((await bench.resolve({ location: origin })).sha256).toBe(digestOf(firmware));
  expect(ranges()[1]).toEqual([undefined, undefined]);
});

test.each<[string, Handler]>([
  ["another part", part("4000-19999/20000", firmware.subarray(4000))],
  ["a part that ends early", part("5000-9999/20000", firmware.subarray(5000, 10_000))],
  ["a part of unknown size", part("5000-19999/*", firmware.subarray(5000))],
  ["a part of another file", part("5000-19999/20000", other.subarray(5000), { etag: '"v2"' })],
  ["a part in another encoding", part("5000-19999/20000", firmware.subarray(5000), { "content-encoding": "gzip" })],
  ["a part that does not say which", (_, response) => response.writeHead(206).end(firmware)],
  ["that there is no such part", (_, response) => response.writeHead(416).end()],
])("a server that answers with %s is asked for all once more", async (_, answer) => {
  const { origin, ranges } = await serve(breakOff({ etag }), answer, whole(firmware));
  expect((await bench.resolve({ location: origin })).sha256).toBe(digestOf(firmware));
  expect(ranges()[2]).toEqual([undefined, undefined]);
});

test("the digest is that of the whole: a lie about the rest is found", async () => {
  const lie = part("5000-19999/20000", other.subarray(5000));
  const { origin } = await serve(breakOff({ etag }), lie);
  const error = await bench.fail({ location: origin, sha256: digestOf(firmware) });
  expect(error.code).toBe("firmware/sha256");
});

test("another file at the end of the redirects is not gone on with", async () => {
  const files = await bench.serve((request, response) => {
    if (request.url === "/v1.bin") breakOff({ etag })(request, response);
    else whole(other)(request, response);
  });
  let version = 0;
  const server = await bench.serve((_, response) => {
    response.writeHead(302, { location: `${files.origin}/v${++version}.bin` }).end();
  });
  expect((await bench.resolve({ location: server.origin })).sha256).toBe(digestOf(other));
  expect(files.requests[1]?.headers.range).toBeUndefined();
});
