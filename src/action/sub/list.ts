import { info } from "@actions/core";
import { discovery } from "../../ports/discovery.js";
import { listBoards } from "../../ports/list-boards.js";
import type { ListedBoard } from "../../ports/list-boards.js";
import { defaultLockDir } from "../../ports/lock-dir.js";
import { jobIdentity } from "../../ports/lock-owner.js";
import { notesDirectory } from "../host.js";
import { markdownText, plainLine } from "../plain-text.js";
import type { Notes, SubAction } from "./sub-action.js";

interface ListFacts {
  readonly boards: readonly ListedBoard[];
  /** Those that the matrix shall have. */
  readonly chosen: readonly ListedBoard[];
}

const inputs = ["skip", "lockDir", "timeoutMs"] as const;

function remark({ locked, lockedBy, wedged, wedgedWhy }: ListedBoard): string {
  return [locked ? `held by ${lockedBy ?? "another job"}` : "", wedged ? (wedgedWhy ?? "wedged") : ""]
    .filter((text) => text !== "")
    .join("; ");
}

/** One entry a board: what a job of a matrix can name it by. */
function matrixOf(boards: readonly ListedBoard[]): object {
  return {
    include: boards.map(({ port, path, mac = "", bridge = "", locked, wedged }) => {
      return { port, path, mac, bridge, locked, wedged };
    }),
  };
}

function boardTable({ boards = [] }: Notes<ListFacts>): string {
  if (boards.length === 0) return "### ESP32 boards\n\nThere is none.\n";
  const rows = boards.map((board) => {
    const cells = [board.port, board.path, board.bridge ?? "", board.mac ?? "", remark(board) || "free"];
    return `| ${cells.map(markdownText).join(" | ")} |`;
  });
  return [
    "### ESP32 boards\n",
    "| Port | Path | Bridge | MAC | State |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** `list/`: the boards of this machine. Opens none of them. */
export const listAction: SubAction<(typeof inputs)[number], ListFacts> = {
  inputs,
  firstLine: () => "List the boards of this machine",
  async work({ skip, lockDir }, facts, { host, clock, signal }) {
    const { env } = host;
    facts.boards = await listBoards({
      discover: discovery(async () => (await import("../../transport/serial-list.js")).listSerialPorts()),
      stateDir: notesDirectory(env, "ports"),
      lockDir: lockDir ?? defaultLockDir(env),
      job: jobIdentity(env),
      clock,
      signal,
    });
    facts.chosen = facts.boards.filter((board) => !skip.some((state) => board[state]));
    for (const board of facts.boards) {
      const more = [board.bridge, board.mac, remark(board)].filter(Boolean).join(", ");
      info(plainLine(`${board.port} at ${board.path} (${more})`));
    }
  },
  outputs: {
    boards: ({ boards = [] }) => JSON.stringify(boards),
    matrix: ({ chosen = [] }) => JSON.stringify(matrixOf(chosen)),
    count: ({ chosen = [] }) => String(chosen.length),
  },
  closingLine: ({ boards = [] }) => (boards.length === 1 ? "One board" : `${boards.length} boards`),
  summary: boardTable,
};
