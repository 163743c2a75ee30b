import { createFlashMemory } from "../../src/virtual/flash-memory.js";
import type { Board } from "../../src/virtual/board.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { describeTransport } from "./transport-contract.js";
import type { Peer } from "./transport-contract.js";

/** A board that only keeps and sends bytes, as the contract's peer does. */
function startBoardPeer(boards: Map<string, Board>): Promise<Peer> {
  const port = `virtual:${boards.size}`;
  const received: Uint8Array[] = [];
  const data = new Set<(bytes: Uint8Array) => void>();
  const links = new Set<() => void>();
  const nothing = (): void => undefined;
  boards.set(port, {
    receive: (bytes) => void received.push(bytes.slice()),
    setLines: nothing,
    setHostBaud: nothing,
    onData(listener) {
      data.add(listener);
      return () => void data.delete(listener);
    },
    onLinkLost(listener) {
      links.add(listener);
      return () => void links.delete(listener);
    },
    powerLost: nothing,
    powerCycle: nothing,
    flash: createFlashMemory({ bytes: new Uint8Array(0x1000), weakSectors: [] }, 1, {
      staysUnerased: () => false,
      programmed: (_offset, bytes) => bytes,
    }),
    counters: { resets: 0, erasedSectors: 0, programmedBytes: 0, efuseWrites: 0 },
    inDownloadMode: false,
    close: nothing,
  });
  return Promise.resolve({
    port,
    received: () => Buffer.concat(received),
    send: (bytes) => data.forEach((listener) => listener(bytes.slice())),
    hangUp() {
      links.forEach((listener) => listener());
      return Promise.resolve();
    },
    begin: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  });
}

const boards = new Map<string, Board>();

describeTransport("virtual board", {
  startPeer: () => startBoardPeer(boards),
  open(port) {
    const board = boards.get(port);
    return board === undefined ? Promise.reject(new Error(port)) : Promise.resolve(boardTransport(board, port));
  },
});
