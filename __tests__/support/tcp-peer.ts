import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Peer } from "../contract/transport-contract.js";

/** A server on the loopback that takes one connection at a time. */
export async function startTcpPeer(host = "127.0.0.1"): Promise<Peer> {
  const received: Buffer[] = [];
  const unsent: Uint8Array[] = [];
  let socket: Socket | undefined;
  const server = createServer((fresh) => {
    socket = fresh;
    fresh.on("data", (bytes) => received.push(bytes));
    fresh.on("error", () => undefined);
    for (const bytes of unsent.splice(0)) fresh.write(bytes);
  });
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    port: `tcp://${host.includes(":") ? `[${host}]` : host}:${port}`,
    received: () => Buffer.concat(received),
    send(bytes) {
      if (socket) socket.write(bytes);
      else unsent.push(bytes);
    },
    hangUp() {
      socket?.destroy();
      socket = undefined;
      return Promise.resolve();
    },
    begin: () => Promise.resolve(),
    async stop() {
      socket?.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
