import { noStats } from "../../src/virtual/stats-file.js";
import { createFlashMemory } from "../../src/virtual/flash-memory.js";
import type { Board } from "../../src/virtual/board.js";

/** A board that only keeps and sends bytes, as the contract's peer does, and notes its lines and rates. */
export interface BoardPeer {
  readonly board: Board;
  received(): Uint8Array;
  /** States of the lines and rates, in the order in which they came. */
  readonly settings: string[];
  send(bytes: Uint8Array): void;
  hangUp(): Promise<void>;
}

export function createBoardPeer(): BoardPeer {
  const received: Uint8Array[] = [];
  const settings: string[] = [];
  const data = new Set<(bytes: Uint8Array) => void>();
  const links = new Set<() => void>();
  const nothing = (): void => undefined;
  return {
    settings,
    received: () => Buffer.concat(received),
    send: (bytes) => data.forEach((listener) => listener(bytes.slice())),
    hangUp() {
      links.forEach((listener) => listener());
      return Promise.resolve();
    },
    board: {
      receive: (bytes) => void received.push(bytes.slice()),
      setLines: ({ dtr, rts }) => void settings.push(`D${Number(dtr)} R${Number(rts)}`),
      setHostBaud: (baud) => void settings.push(`${baud} baud`),
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
        isWorn: () => false,
        programmed: (_offset, bytes) => bytes,
      }),
      counters: noStats,
      inDownloadMode: false,
      present: true,
      close: nothing,
    },
  };
}
