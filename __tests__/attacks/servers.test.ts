import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { ErrorCode } from "../../src/base/errors.js";
import { maxFirmwareBytes } from "../../src/firmware/limits.js";
import type { FileRequest } from "../../src/firmware/source.js";
import { makeFirmware, openFirmwareBench } from "../support/firmware-bench.js";
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

/** What a server does to hurt, and the error that it must end with. */
interface Attack {
  readonly name: string;
  readonly code: ErrorCode;
  readonly server: Handler;
  readonly request?: Partial<FileRequest>;
}

const firmware = makeFirmware(20_000);
const megabyte = 1024 * 1024;
const zeros = new Uint8Array(maxFirmwareBytes + megabyte);
/** A deflate block that holds nothing, and is not the last (RFC 1951, 3.2.4). */
const emptyBlock = Buffer.of(0x00, 0x00, 0x00, 0xff, 0xff);

const send =
  (body: string | Uint8Array, headers: Record<string, string> = {}, status = 200): Handler =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };
/** An answer as its bytes, which may break the rules of HTTP. */
const raw =
  (...lines: readonly string[]): Handler =>
  (request) =>
    request.socket.end(`${lines.join("\r\n")}\r\n\r\nabcdef`);
const waitFor = (delayMs: number) => (): void => bench.clock.expire(delayMs);
const idleMs = 30_000;
const totalMs = 600_000;

function sendForever(response: ServerResponse, piece: Uint8Array): void {
  let sentBytes = 0;
  const more = (): void => {
    while (sentBytes <= zeros.length && !response.destroyed) {
      sentBytes += piece.length;
      if (!response.write(piece)) return void response.once("drain", more);
    }
  };
  more();
}

const attacks: readonly Attack[] = [
  {
    name: "a head that never ends",
    code: "firmware/timeout",
    server: ({ socket }) => socket.write("HTTP/1.1 200 OK\r\nX-A: a", waitFor(idleMs)),
  },
  {
    name: "hints without an answer",
    code: "firmware/timeout",
    server: (_, response) => response.writeEarlyHints({ link: "</a>; rel=preload" }, waitFor(idleMs)),
  },
  {
    name: "a body that stalls",
    code: "firmware/timeout",
    server: (_, response) => {
      response.writeHead(200, { "content-length": "20000" });
      response.write(firmware.subarray(0, 9), () => setImmediate(waitFor(idleMs)));
    },
  },
  {
    name: "a body that comes byte by byte",
    code: "firmware/timeout",
    server: (_, response) => {
      let sent = 0;
      const drip = (): void => {
        if (sent++ < 20) response.write("x", () => setImmediate(drip));
        else bench.clock.expire(totalMs);
      };
      drip();
    },
  },
  {
    name: "a body that breaks off each time",
    code: "firmware/truncated",
    server: (_, response) => {
      response.writeHead(200, { "content-length": "20000" });
      response.write(firmware.subarray(0, 5000), () => response.destroy());
    },
  },
  {
    name: "an announced length above all flashes",
    code: "firmware/too-large",
    server: (_, response) => {
      response.writeHead(200, { "content-length": String(maxFirmwareBytes + 1) }).flushHeaders();
    },
  },
  {
    name: "a body without an end",
    code: "firmware/too-large",
    server: (_, response) => sendForever(response, zeros.subarray(0, megabyte)),
  },
  {
    name: "a gzip bomb",
    code: "firmware/too-large",
    server: (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(zeros, { level: 1 }));
    },
  },
  {
    name: "a brotli bomb",
    code: "firmware/too-large",
    server: (_, response) => {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 1 };
      response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(zeros, { params }));
    },
  },
  {
    name: "compressed data without an end, of which nothing comes out",
    code: "firmware/too-large",
    server: (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.write(gzipSync("").subarray(0, 10));
      sendForever(response, Buffer.alloc(megabyte - (megabyte % emptyBlock.length), emptyBlock));
    },
  },
  {
    name: "compression within compression",
    code: "firmware/encoding",
    server: send(gzipSync(gzipSync(firmware)), { "content-encoding": "gzip, gzip" }),
  },
  {
    name: "a compression by the name of what every object has",
    code: "firmware/encoding",
    server: send(firmware, { "content-encoding": "constructor" }),
  },
  {
    name: "two lengths",
    code: "firmware/unreachable",
    server: raw("HTTP/1.1 200 OK", "Content-Length: 3", "Content-Length: 6"),
  },
  {
    name: "a length beside chunks",
    code: "firmware/unreachable",
    server: raw("HTTP/1.1 200 OK", "Content-Length: 6", "Transfer-Encoding: chunked"),
  },
  { name: "a length below zero", code: "firmware/unreachable", server: raw("HTTP/1.1 200 OK", "Content-Length: -1") },
  {
    name: "a chunk of a broken length",
    code: "firmware/truncated",
    server: raw("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"),
  },
  {
    name: "a header of a megabyte",
    code: "firmware/unreachable",
    server: raw("HTTP/1.1 200 OK", `X-A: ${"a".repeat(megabyte)}`),
  },
  {
    name: "another protocol",
    code: "firmware/timeout",
    server: ({ socket }) => {
      const head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shell\r\n\r\n";
      socket.write(head, () => setImmediate(waitFor(idleMs)));
    },
  },
  {
    name: "a part that nobody asked for",
    code: "firmware/http-status",
    server: send(firmware, { "content-range": "bytes 0-19999/20000" }, 206),
  },
  {
    name: "“unchanged” to a plain question",
    code: "firmware/http-status",
    server: send("", {}, 304),
  },
  { name: "redirects in a circle", code: "firmware/redirect", server: send("", { location: "/fw.bin" }, 302) },
  {
    name: "redirects to ever new places",
    code: "firmware/redirect",
    server: ({ url }, response) => response.writeHead(307, { location: `${url ?? ""}x` }).end(),
  },
  {
    name: "a redirect to a file",
    code: "firmware/redirect",
    server: send("", { location: "file:///etc/shadow" }, 302),
  },
  {
    name: "a redirect to data",
    code: "firmware/redirect",
    server: send("", { location: "data:application/octet-stream;base64,6Q==" }, 302),
  },
  {
    name: "a redirect to another protocol",
    code: "firmware/redirect",
    server: send("", { location: "gopher://127.0.0.1:25/_HELO" }, 302),
  },
  {
    name: "a redirect to where clouds keep credentials",
    code: "firmware/redirect",
    server: send("", { location: "http://169.254.169.254/latest/meta-data/iam/security-credentials/" }, 302),
  },
  {
    name: "other bytes under the same digest",
    code: "firmware/sha256",
    server: send(firmware),
    request: { sha256: "1".repeat(64), purpose: "data" },
  },
];

test.each(attacks)("a server with $name ends in $code", async ({ code, server, request }) => {
  const { origin } = await bench.serve(server);
  const error = await bench.fail({ location: `${origin}/fw.bin`, ...request });
  expect(error.code).toBe(code);
});

test("what a server sends beyond the length that it announces is left alone", async () => {
  const { origin } = await bench.serve(raw("HTTP/1.1 200 OK", "Content-Length: 3"));
  const file = await bench.resolve({ location: origin, purpose: "data" });
  expect(Buffer.from(file.bytes).toString()).toBe("abc");
});
