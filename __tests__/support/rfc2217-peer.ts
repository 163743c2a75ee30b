import { systemClock } from "../../src/base/clock.js";
import { serveBoard } from "../../src/virtual/serve.js";
import type { Peer } from "../contract/transport-contract.js";
import { createBoardPeer } from "./board-peer.js";
import type { BoardPeer } from "./board-peer.js";

/** The project's own RFC 2217 server, with a board behind it that only keeps and sends bytes. */
export async function startRfc2217Peer(): Promise<Peer & Pick<BoardPeer, "settings">> {
  const { board, ...peer } = createBoardPeer();
  const server = await serveBoard(board, systemClock, { host: "127.0.0.1", rfc2217Port: 0 });
  return {
    ...peer,
    port: `rfc2217://127.0.0.1:${server.rfc2217Port ?? 0}`,
    begin: () => Promise.resolve(),
    stop: () => server.close(),
  };
}
