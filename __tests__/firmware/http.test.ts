import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { systemClock } from "../../src/base/clock.js";
import { digestOf, makeFirmware, openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";
import { hasIpv6 } from "../support/ipv6.js";

let bench: FirmwareBench;
const sockets = new Set<Socket>();
let proxy: Server | undefined;
const saved = { http_proxy: process.env.http_proxy, no_proxy: process.env.no_proxy, NO_PROXY: process.env.NO_PROXY };

/** A proxy on the loopback interface, named in the environment; `onTunnel` gets each client that wants a tunnel. */
async function startProxy(onTunnel: (client: Socket) => void): Promise<void> {
  const server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => undefined).once("data", () => onTunnel(client));
  });
  proxy = server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.http_proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  delete process.env.no_proxy;
  delete process.env.NO_PROXY;
}

beforeEach(() => {
  bench = openFirmwareBench();
});
afterEach(async () => {
  for (const [name, value] of Object.entries(saved)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise<void>((resolve) => (proxy === undefined ? resolve() : proxy.close(() => resolve())));
  proxy = undefined;
  await bench.dispose();
});

(hasIpv6 ? test : test.skip)("an IPv6 address is a host (on machines that have IPv6)", async () => {
  const firmware = makeFirmware();
  const server = await bench.serve((_, response) => response.end(firmware), "::1");
  expect(server.origin).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect(await bench.resolve({ location: server.origin })).toMatchObject({ sha256: digestOf(firmware) });
});

test("other events run while megabytes are joined, hashed and kept", async () => {
  const firmware = makeFirmware(5_000_000);
  const server = await bench.serve((_, response) => response.end(firmware));
  let breaths = 0;
  const clock = {
    nowMs: () => systemClock.nowMs(),
    schedule: (delayMs: number, callback: () => void) => systemClock.schedule(delayMs, callback),
    breathe: () => (breaths++, systemClock.breathe()),
    aside: <T>(work: Promise<T>) => systemClock.aside(work),
  };
  const result = await bench.resolve({ location: server.origin }, { clock });
  expect(result.sha256).toBe(digestOf(firmware));
  // Four times each in five megabytes.
  expect(breaths).toBeGreaterThanOrEqual(8);
});

test("the proxy of the environment is used", async () => {
  const firmware = makeFirmware();
  const server = await bench.serve((_, response) => response.end(firmware));
  await startProxy((client) => {
    const target = connect(Number(new URL(server.origin).port), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(target).pipe(client);
    });
    sockets.add(target);
  });
  const result = await bench.resolve({ location: "http://host.invalid/fw.bin" });
  expect(Buffer.from(result.bytes).equals(firmware)).toBe(true);
  expect(server.requests[0]?.headers.host).toMatch(/^host\.invalid(:80)?$/);
});

test("a proxy that refuses is an unreachable server", async () => {
  await startProxy((client) => client.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
  const error = await bench.fail({ location: "http://user:hunter22@host.invalid/fw.bin?hunter22" });
  expect(error.code).toBe("firmware/unreachable");
  expect(JSON.stringify([error.message, error.details, bench.messages])).not.toMatch(/hunter22/);
});

test("a proxy that hangs does not hold up a cancelled job", async () => {
  const controller = new AbortController();
  const reason = new Error("cancelled");
  await startProxy(() => controller.abort(reason));
  const request = bench.resolve(
    { location: "http://host.invalid/fw.bin" },
    { signal: controller.signal, clock: systemClock },
  );
  await expect(request).rejects.toBe(reason);
});
