import type { SecurityState } from "../chips/definition.js";
import type { Transport } from "../transport/transport.js";
import { boardFacts } from "./board-facts.js";
import type { BoardFacts } from "./board-facts.js";
import { workOnBoard } from "./work-on-board.js";
import type { BoardDeps, BoardWish } from "./work-on-board.js";

/** What a board tells about itself. */
export interface BoardInfo extends Omit<BoardFacts, "flashSizeBytes"> {
  /** `undefined` where the chip does not tell, in Secure Download Mode. */
  readonly flashSizeBytes: number | undefined;
  readonly security: SecurityState;
}

/** The ROM takes the flash for this size where the chip does not tell it; nothing is read or written there. */
const UNTOLD_FLASH_SIZE = "1MB";

/**
 * Asks the ROM who it is, without a stub. Changes nothing, in flash or eFuses; the board is reset into its loader for it,
 * and left as `wish.after` says. Rejects as `workOnBoard`.
 */
export function readBoardInfo(
  transport: Transport,
  wish: Omit<BoardWish, "stub" | "settings" | "baud">,
  deps: BoardDeps,
): Promise<BoardInfo> {
  let answered = false;
  const settings = { size: UNTOLD_FLASH_SIZE };
  return workOnBoard(transport, { ...wish, stub: false, settings, baud: "auto" }, deps, {
    attempt: (board) => {
      answered = true;
      const { security } = board.device;
      const facts = boardFacts(board);
      const flashSizeBytes = security.secureDownload ? undefined : facts.flashSizeBytes;
      return Promise.resolve({ ...facts, flashSizeBytes, security });
    },
    furthestBytes: () => (answered ? 0 : -1),
    changed: () => false,
  });
}
