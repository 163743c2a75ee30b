import { systemClock } from "../base/clock.js";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { Transport, TransportListener } from "../transport/transport.js";
import { createBoard } from "./board.js";
import type { Board } from "./board.js";
import { parseBoardOptions } from "./board-options.js";
import { createPunctualClock } from "./punctual-clock.js";

/**
 * A port of a board that someone else holds: closing it leaves the board switched on, as unplugging nothing would.
 * `name` is how logs call it.
 */
export function boardTransport(board: Board, name: string): Transport {
  const listeners = new Set<TransportListener>();
  let state: "open" | "lost" | "closed" = "closed";
  let detach: (() => void) | undefined;

  const lost = (): FlashError => new FlashError("port/lost", `The link to ${name} is gone.`, { port: name });
  /** Runs `act` if the link is there; the promise rejects otherwise. */
  const onLink = (act: () => void): Promise<void> => {
    if (state !== "open") return Promise.reject(lost());
    act();
    return Promise.resolve();
  };

  const attach = (): void => {
    const stopData = board.onData((bytes) => listeners.forEach((listener) => listener.data(bytes)));
    const stopLink = board.onLinkLost(() => {
      state = "lost";
      detach?.();
      // A real driver tells it from its own turn of the event loop, too.
      queueMicrotask(() => [...listeners].forEach((listener) => listener.closed(lost())));
    });
    detach = () => {
      stopData();
      stopLink();
      detach = undefined;
    };
    state = "open";
  };
  attach();

  return {
    name,
    capabilities: {
      controlLines: true,
      atomicLines: true,
      baudRate: true,
      ...(board.usb === undefined ? {} : { usb: board.usb }),
    },
    write: (bytes) => onLink(() => board.receive(bytes)),
    setSignals: (lines) => onLink(() => board.setLines(lines)),
    confirm: () => onLink(() => undefined),
    setBaudRate: (baud) => onLink(() => board.setHostBaud(baud)),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reopen() {
      if (state === "open") return Promise.resolve();
      if (!board.present) {
        const message = `There is no port ${name} at the moment.`;
        return Promise.reject(new FlashError("port/not-found", message, { port: name }));
      }
      attach();
      return Promise.resolve();
    },
    close() {
      if (state === "open") board.setLines({ dtr: false, rts: false });
      detach?.();
      listeners.clear();
      state = "closed";
      return Promise.resolve();
    },
  };
}

/**
 * Powers a virtual board on and opens its port; closing it switches the board off. Rejects with `input/invalid` for a
 * URL that is none, and as `openFlashFile` for its flash file.
 */
export async function openVirtualTransport(url: string, clock: Clock): Promise<Transport> {
  // The job's timers may come late, a board's may not.
  const boardClock = clock === systemClock ? createPunctualClock() : clock;
  const board = createBoard(parseBoardOptions(url), boardClock);
  const transport = boardTransport(board, url);
  let closed = false;
  return Promise.resolve({
    ...transport,
    async close() {
      if (closed) return;
      closed = true;
      await transport.close();
      board.close();
    },
  });
}
