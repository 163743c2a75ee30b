import type { Board } from "../../src/virtual/board.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { createBoardPeer } from "../support/board-peer.js";
import { describeTransport } from "./transport-contract.js";

const boards = new Map<string, Board>();

describeTransport("virtual board", {
  startPeer() {
    const { board, ...peer } = createBoardPeer();
    const port = `virtual:${boards.size}`;
    boards.set(port, board);
    const nothing = (): Promise<void> => Promise.resolve();
    return Promise.resolve({ ...peer, port, begin: nothing, stop: nothing });
  },
  open(port) {
    const board = boards.get(port);
    return board === undefined ? Promise.reject(new Error(port)) : Promise.resolve(boardTransport(board, port));
  },
});
