import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { systemClock } from "../../src/base/clock.js";
import type { Clock } from "../../src/base/clock.js";
import { openTcp } from "../../src/transport/tcp.js";
import { hasIpv6 } from "../support/ipv6.js";
import { startTcpPeer } from "../support/tcp-peer.js";

const signal = new AbortController().signal;

test.each([
  "tcp://",
  "tcp://host",
  "tcp://host:0",
  "tcp://host:65536",
  "tcp://:5000",
  "tcp://host:5000/path",
  "tcp://host:5000?x=1",
  "tcp://user:secret@host:5000",
  "tcp://::1:5000",
])("%s is no address, and the message does not repeat it", async (url) => {
  const opening = openTcp(url, { clock: systemClock, signal });

  await expect(opening).rejects.toMatchObject({ code: "input/invalid", details: { input: "port" } });
  await expect(opening).rejects.not.toThrow("secret");
});

(hasIpv6 ? test : test.skip)("an IPv6 address is written in brackets (on machines that have IPv6)", async () => {
  const peer = await startTcpPeer("::1");
  const transport = await openTcp(peer.port, { clock: systemClock, signal });
  await transport.write(Uint8Array.of(5));
  await transport.close();
  await peer.stop();

  expect(peer.port).toMatch(/^tcp:\/\/\[::1\]:/);
});

test("where nothing listens the error says so", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");

  const opening = openTcp(`tcp://localhost:${port}`, { clock: systemClock, signal });

  await expect(opening).rejects.toMatchObject({ code: "port/open-failed" });
  await expect(opening).rejects.toThrow("nothing listens there");
});

test("a host that does not answer in time is given up", async () => {
  // Before any answer can come, whatever host has this address of a documentation network (RFC 5737).
  const impatient: Clock = {
    ...systemClock,
    schedule(_delayMs, callback) {
      queueMicrotask(callback);
      return () => undefined;
    },
  };
  const opening = openTcp("tcp://192.0.2.1:5000", { clock: impatient, signal });

  await expect(opening).rejects.toMatchObject({ code: "port/open-failed" });
  await expect(opening).rejects.toThrow("did not answer within 10 s");
});

test("connecting ends with the reason of an abort", async () => {
  const abort = new AbortController();
  const opening = openTcp("tcp://192.0.2.1:5000", { clock: systemClock, signal: abort.signal });
  abort.abort(new Error("cancelled by hand"));

  await expect(opening).rejects.toThrow("cancelled by hand");
});

test("a far end that takes nothing any more is a lost link after a while", async () => {
  const peer = createServer((socket) => socket.pause().on("error", () => undefined)).listen(0, "127.0.0.1");
  await once(peer, "listening");
  const impatient: Clock = {
    ...systemClock,
    schedule: (delayMs, callback) => systemClock.schedule(delayMs > 10_000 ? 100 : delayMs, callback),
  };
  const url = `tcp://127.0.0.1:${(peer.address() as AddressInfo).port}`;
  const transport = await openTcp(url, { clock: impatient, signal });

  await expect(transport.write(new Uint8Array(64 * 1024 * 1024))).rejects.toMatchObject({ code: "port/lost" });
  await transport.close();
  peer.close();
});
