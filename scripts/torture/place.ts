import type { Clock } from "../../src/base/clock.js";
import { sleep } from "../../src/base/clock.js";
import { FlashError } from "../../src/base/errors.js";
import type { Discover } from "../../src/ports/discovery.js";
import { portInfo } from "../../src/ports/port-info.js";
import type { PortInfo } from "../../src/ports/port-info.js";
import type { ControlLines, Transport, TransportListener } from "../../src/transport/transport.js";
import type { Board } from "../../src/virtual/board.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import type { Dice } from "./dice.js";
import { createDirection } from "./direction.js";
import type { Direction } from "./direction.js";

/** A USB place of a host: what is plugged in there, under which number, and how good the link is. */
export interface Place {
  readonly toChip: Direction;
  readonly toHost: Direction;
  readonly discover: Discover;
  /** Opens the port there is; rejects with `port/not-found` while nothing is plugged in. */
  open(signal: AbortSignal): Promise<Transport>;
  unplug(): void;
  /** The board, or another one, under the next number. */
  plugIn(board: Board): void;
  /** From now on nothing arrives and nobody says so, until the port is opened anew. */
  halfOpen(answers: Answers): void;
  /** The bridge keeps its rate where a higher one is set. */
  ignoreBaudAbove(baud: number): void;
  heal(): void;
  readonly state: PlaceState;
}

/** How a place is used right now. */
export interface PlaceState {
  /** A port is open and carries data. */
  readonly isReachable: boolean;
  /** Ports that were opened and not closed. */
  readonly openPorts: number;
  /** Subscriptions that nobody ended. */
  readonly listeners: number;
  /**
   * As they were set last at the open port; idle where it was lost or closed, as the kernel lets go of them. Of a dead
   * link that nobody can ask: as they were to be set, since no more can be known.
   */
  readonly lines: ControlLines;
}

/** Whether a link can be asked if all has arrived, as an RFC 2217 server that answers. */
export type Answers = "answers" | "mute";
/** As long as the action waits for such an answer. */
const ANSWER_MS = 10_000;

const IDLE: ControlLines = { dtr: false, rts: false };
/** A CP2102 without a serial number: one board cannot be told from another by its USB device. */
const USB = { vendorId: 0x10c4, productId: 0xea60, location: "1-1.2", interface: "1.0" };

export function createPlace(first: Board, clock: Clock, dice: Dice): Place {
  let board: Board | undefined = first;
  let number = 0;
  let halfOpen: Answers | undefined;
  let openPorts = 0;
  let baudLimit = Infinity;
  let lines = IDLE;
  let port: Transport | undefined;
  const listeners = new Set<TransportListener>();
  const pathNow = (): string => `/dev/ttyUSB${number}`;
  const lost = (): FlashError => new FlashError("port/lost", `The link to ${pathNow()} is gone.`);

  const toChip = createDirection(clock, dice, (bytes) => {
    // What is under way when the port goes is lost.
    port?.write(bytes).catch(() => undefined);
  });
  const toHost = createDirection(clock, dice, (bytes) => [...listeners].forEach((listener) => listener.data(bytes)));

  const portGone = (): void => {
    port = undefined;
    lines = IDLE;
  };

  const open = (signal: AbortSignal): Promise<Transport> => {
    if (board === undefined) return Promise.reject(new FlashError("port/not-found", `${pathNow()} is not there.`));
    halfOpen = undefined;
    openPorts++;
    let isClosed = false;
    const inner = boardTransport(board, pathNow());
    port = inner;
    inner.subscribe({
      data: (bytes) => (halfOpen !== undefined || port !== inner ? undefined : toHost.push(bytes)),
      closed(reason) {
        portGone();
        [...listeners].forEach((listener) => listener.closed(reason));
      },
    });
    const onPort = async (act: () => Promise<void> | void): Promise<void> => {
      if (port !== inner) throw lost();
      if (halfOpen === undefined) await act();
    };
    const breaks = (): void => {
      if (port !== inner) return;
      portGone();
      [...listeners].forEach((listener) => listener.closed(lost()));
    };
    const own = new Set<TransportListener>();
    return Promise.resolve({
      ...inner,
      write: (bytes) => onPort(() => toChip.push(bytes.slice())),
      setSignals: (next) =>
        onPort(() => {
          lines = next;
          return inner.setSignals(next);
        }).finally(() => {
          if (halfOpen === "mute") lines = next;
        }),
      async confirm() {
        await onPort(() => undefined);
        if (halfOpen !== "answers") return;
        await sleep(clock, ANSWER_MS, signal);
        breaks();
        throw lost();
      },
      setBaudRate: (baud) => onPort(() => (baud > baudLimit ? undefined : inner.setBaudRate(baud))),
      subscribe(listener) {
        own.add(listener);
        listeners.add(listener);
        return () => {
          own.delete(listener);
          listeners.delete(listener);
        };
      },
      async close() {
        if (isClosed) return;
        isClosed = true;
        openPorts--;
        own.forEach((listener) => listeners.delete(listener));
        if (port === inner) portGone();
        await inner.close();
      },
    });
  };

  const place: Place = {
    toChip,
    toHost,
    discover: () => Promise.resolve<readonly PortInfo[]>(board === undefined ? [] : [portInfo(pathNow(), [], USB)]),
    open,
    unplug() {
      const inner = port;
      board = undefined;
      portGone();
      void inner?.close();
      const reason = lost();
      queueMicrotask(() => [...listeners].forEach((listener) => listener.closed(reason)));
    },
    plugIn(next) {
      number++;
      board = next;
    },
    halfOpen(answers) {
      halfOpen = answers;
    },
    ignoreBaudAbove(baud) {
      baudLimit = baud;
    },
    heal() {
      toChip.heal();
      toHost.heal();
      baudLimit = Infinity;
    },
    get state() {
      const isReachable = port !== undefined && halfOpen === undefined;
      return { isReachable, openPorts, listeners: listeners.size, lines };
    },
  };
  return place;
}
