import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** A server that answers every request with these bytes and hangs up. */
export interface RawServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  close(): Promise<void>;
}

/** `answer` is the whole answer, head and body, as it goes over the wire; it may be no HTTP at all. */
export async function startRawServer(answer: string | Uint8Array): Promise<RawServer> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined).once("data", () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
