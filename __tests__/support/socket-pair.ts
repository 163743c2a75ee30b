import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { systemClock } from "../../src/base/clock.js";
import { openTcp } from "../../src/transport/tcp.js";
import type { Transport } from "../../src/transport/transport.js";

/** Runs nothing else of this process meanwhile. */
export function standStill(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

/** A raw connection, and its far end; what ends them goes to `stops`. */
export async function startPair(
  stops: (() => Promise<void>)[],
): Promise<{ readonly transport: Transport; readonly peer: Socket }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const url = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = await openTcp(url, { clock: systemClock, signal: new AbortController().signal });
  const [peer] = await accepted;
  stops.push(async () => {
    await transport.close();
    peer.destroy();
    server.close();
    await once(server, "close");
  });
  return { transport, peer };
}
