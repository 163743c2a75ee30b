import { FlashError } from "../../src/base/errors.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { followPort } from "../../src/ports/follow.js";
import { followedTransport } from "../../src/ports/followed-transport.js";
import type { PortInfo } from "../../src/ports/port-info.js";
import type { Transport } from "../../src/transport/transport.js";
import { createBoard } from "../../src/virtual/board.js";
import type { Board } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import type { Dice } from "./dice.js";
import { createPlace } from "./place.js";
import type { Place } from "./place.js";
import type { Scenario } from "./scenario.js";

const OTHER_MAC = "4c:11:ae:b9:90:55";
/** What a job waits for a port to come back, as the action does. */
const COME_BACK_MS = 2000;

/** A host's place with a board on a virtual clock, and another board at hand. */
export interface TortureRig {
  readonly clock: VirtualClock;
  readonly place: Place;
  readonly board: Board;
  readonly otherBoard: Board;
  /** Opens the port as the action does: it is found again by its place. */
  open(signal: AbortSignal): Promise<Transport>;
  /** Calls back after `delayMs`, unless all is healed by then. */
  readonly later: (delayMs: number, act: () => void) => void;
  /** Ends all that was made to go wrong. `replaced`: the same flash and MAC, but none of the board's own faults. */
  heal(how: "as it is" | "replaced"): void;
  close(): void;
}

/** Takes over what a flash holds, and which of its sectors are weak. */
function transplant(from: Board, to: Board): void {
  for (const sector of from.flash.weakSectors) {
    to.flash.beginErase(sector * 0x1000, 0x1000);
    to.flash.interrupt();
  }
  to.flash.bytes.set(from.flash.bytes);
}

export function createRig(scenario: Scenario, faults: readonly string[], dice: Dice): TortureRig {
  const clock = new VirtualClock();
  const { chip, usbLatencyMs } = scenario;
  const url = `virtual:${chip}?timing=modelled&flash-size=2MB&usb-latency-ms=${usbLatencyMs}&seed=${dice.below(1000)}`;
  const make = (query: string): Board => createBoard(parseBoardOptions(url + query), clock);
  let board = make(faults.map((fault) => `&fault=${fault}`).join(""));
  board.flash.bytes.set(scenario.held);
  const otherBoard = make(`&mac=${OTHER_MAC}`);
  const place = createPlace(board, clock, dice);
  const cancels: (() => void)[] = [];

  return {
    clock,
    place,
    get board() {
      return board;
    },
    otherBoard,
    async open(signal) {
      let known: PortInfo | undefined;
      return followedTransport(async () => {
        const first = known ?? (await place.discover())[0];
        if (first === undefined) throw new FlashError("port/not-found", "There is no port.");
        known = await followPort(first, place.discover, { timeoutMs: COME_BACK_MS, clock, signal });
        return place.open(signal);
      });
    },
    later: (delayMs, act) => void cancels.push(clock.schedule(delayMs, act)),
    heal(how) {
      for (const cancel of cancels) cancel();
      place.heal();
      if (how === "replaced") {
        const sound = make("");
        transplant(board, sound);
        board.close();
        board = sound;
      } else {
        board.powerCycle();
      }
      place.plugIn(board);
    },
    close() {
      board.close();
      otherBoard.close();
    },
  };
}
