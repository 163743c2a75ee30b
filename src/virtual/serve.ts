import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { BoardPort } from "./board.js";
import { createRfc2217Port } from "./rfc2217-port.js";

export interface ServeOptions {
  readonly host: string;
  /** Port for raw bytes, without lines and at a fixed 115200 baud; 0 takes a free one. */
  readonly rawPort?: number | undefined;
  /** Port of the RFC 2217 server; 0 takes a free one. */
  readonly rfc2217Port?: number | undefined;
}

/** A board that is being served. */
export interface BoardServer {
  readonly rawPort: number | undefined;
  readonly rfc2217Port: number | undefined;
  /** Ends all connections and stops listening; the board stays as it is. */
  close(): Promise<void>;
}

/** What a connection does with the board: takes the client's bytes, and says goodbye. */
interface Session {
  readonly fromClient: (bytes: Uint8Array) => void;
  readonly end: () => void;
}

/** A serial port has one user: a second client is turned away, as all are while the board's port is gone. */
function createPortServer(board: BoardPort, sockets: Set<Socket>, openSession: (socket: Socket) => Session): Server {
  let used = false;
  return createServer({ noDelay: true }, (socket) => {
    if (used || !board.present) {
      socket.destroy();
      return;
    }
    used = true;
    sockets.add(socket);
    const session = openSession(socket);
    const stopWatching = board.onLinkLost(() => socket.destroy());
    socket.on("data", session.fromClient);
    // What went wrong with a connection ends it; `close` follows.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      used = false;
      sockets.delete(socket);
      stopWatching();
      session.end();
    });
  });
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new FlashError("port/open-failed", `The board cannot be served on ${host}:${port}.`, { port }, error)),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Serves `board` over TCP. Rejects with `port/open-failed` where a port cannot be had. */
export async function serveBoard(board: BoardPort, clock: Clock, options: ServeOptions): Promise<BoardServer> {
  const sockets = new Set<Socket>();
  const raw = createPortServer(board, sockets, (socket) => {
    const end = board.onData((bytes) => socket.write(bytes));
    return { fromClient: (bytes) => board.receive(bytes), end };
  });
  const rfc2217 = createPortServer(board, sockets, (socket) => {
    const port = createRfc2217Port(board, clock, (bytes) => socket.write(bytes));
    const stop = board.onData((bytes) => socket.write(port.fromBoard(bytes)));
    return {
      fromClient: (bytes) => port.fromClient(bytes),
      end() {
        stop();
        port.end();
      },
    };
  });
  const listening: Server[] = [];
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(listening.map((server) => new Promise((resolve) => server.close(resolve))));
  };
  const open = async (server: Server, port: number | undefined): Promise<number | undefined> => {
    if (port === undefined) return undefined;
    const actual = await listen(server, options.host, port);
    listening.push(server);
    return actual;
  };
  try {
    const rawPort = await open(raw, options.rawPort);
    const rfc2217Port = await open(rfc2217, options.rfc2217Port);
    return { rawPort, rfc2217Port, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
