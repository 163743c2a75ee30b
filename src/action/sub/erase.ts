import { formatBytes } from "../../base/bytes.js";
import { eraseJob } from "../../flash/erase-job.js";
import { flashDevice } from "../../flash/flash-device.js";
import type { FlashResult } from "../../flash/job.js";
import { boardJournal } from "../board-journal.js";
import { formatFlashSize } from "../format.js";
import { boardOutputs, describeBoard, factSummary } from "./board-outputs.js";
import type { FoundBoard } from "./board-outputs.js";
import { boardInputs, boardWish, loaderInputs, onBoard } from "./on-board.js";
import type { Notes, SubAction } from "./sub-action.js";

interface EraseFacts extends FoundBoard {
  readonly board: FlashResult;
}

const inputs = [
  ...boardInputs,
  ...loaderInputs,
  "regions",
  "preserve",
  "rewrite",
  "baud",
  "stub",
  "allow",
  "timeoutMs",
] as const;

const erasedText = (board: FlashResult): string =>
  board.skipped ? "Nothing to erase: it was blank already" : `Erased ${formatBytes(board.bytesToChange)}`;

const ofBoard =
  (text: (board: FlashResult) => string, unknown = "") =>
  ({ board }: Notes<EraseFacts>): string =>
    board === undefined ? unknown : text(board);

/** `erase/`: makes the whole flash, ranges or partitions of it blank, and proves it. */
export const eraseAction: SubAction<(typeof inputs)[number], EraseFacts> = {
  inputs,
  firstLine: (text) => `Erase ${text("regions").trim().split(/\r?\n/).join(", ")} on the board at ${text("port")}`,
  async work(asked, facts, surroundings) {
    const { regions, preserve, rewrite, allow, baud, stub } = asked;
    const job = eraseJob({ ...boardWish(asked), regions, preserve, rewrite, allow, baud, stub });
    const journal = boardJournal(surroundings.host.env, asked.port);
    facts.board = await onBoard(asked, asked, facts, surroundings, (transport, deps) =>
      flashDevice(transport, job, { ...deps, journal }),
    );
  },
  outputs: {
    ...boardOutputs,
    "flash-size": ofBoard((board) => formatFlashSize(board.flashSizeBytes)),
    "bytes-changed": ofBoard((board) => String(board.bytesToChange)),
    skipped: ofBoard((board) => String(board.skipped), "false"),
    verified: ofBoard((board) => String(board.verified), "false"),
    "lost-partitions": ofBoard((board) => board.lostPartitions.join(",")),
  },
  closingLine: ofBoard((board) => `${erasedText(board)}, ${board.verified ? "verified" : "not verified"}`),
  summary: ({ port = "", board }, error) =>
    factSummary(
      "ESP32 flash erased",
      [
        ["Port", port],
        ["Board", board === undefined ? "" : describeBoard(board)],
        ["Erased", board === undefined ? "" : erasedText(board)],
        ["Partitions that lost data", board?.lostPartitions.join(", ") ?? ""],
        ["Kept", board?.preservedPartitions.join(", ") ?? ""],
      ],
      error,
    ),
};
