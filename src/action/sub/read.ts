import { createHash } from "node:crypto";
import { formatBytes, hex32 } from "../../base/bytes.js";
import { FlashError } from "../../base/errors.js";
import { readFlash } from "../../flash/read-flash.js";
import type { FlashReading, ReadRegion } from "../../flash/read-flash.js";
import { saveFile } from "../save-file.js";
import { boardOutputs } from "./board-outputs.js";
import type { FoundBoard } from "./board-outputs.js";
import { boardInputs, boardWish, loaderInputs, onBoard } from "./on-board.js";
import type { Notes, SubAction } from "./sub-action.js";

interface ReadFacts extends FoundBoard {
  readonly board: FlashReading;
  readonly file: string;
  readonly sha256: string;
}

const inputs = [
  ...boardInputs,
  ...loaderInputs,
  "partition",
  "offset",
  "lengthBytes",
  "file",
  "baud",
  "stub",
  "allow",
  "timeoutMs",
] as const;

const ofBoard =
  (text: (board: FlashReading) => string, unknown = "") =>
  ({ board }: Notes<ReadFacts>): string =>
    board === undefined ? unknown : text(board);

/** `read/`: a range or partition of the flash as a file, checked against the chip's own MD5. */
export const readAction: SubAction<(typeof inputs)[number], ReadFacts> = {
  inputs,
  check({ partition, offset, lengthBytes }) {
    if (partition === undefined || (offset === undefined && lengthBytes === undefined)) return;
    const message = "`partition` says what to read, and so do `offset` and `length`, but only one of them can count.";
    throw new FlashError("input/conflict", message, { inputs: ["partition", "offset", "length"] });
  },
  firstLine: (text) => `Read ${text("partition") || "the flash"} of the board at ${text("port")} into ${text("file")}`,
  async work(asked, facts, surroundings) {
    const { partition, offset = 0, lengthBytes, baud, stub, allow } = asked;
    const { host } = surroundings;
    const region: ReadRegion = partition === undefined ? { offset, lengthBytes } : { partition };
    const reading = await onBoard(asked, asked, facts, surroundings, (transport, deps) =>
      readFlash(transport, { ...boardWish(asked), region, baud, stub, allow }, deps),
    );
    facts.board = reading;
    facts.file = await saveFile(host.env.GITHUB_WORKSPACE ?? host.cwd(), asked.file, reading.bytes);
    facts.sha256 = createHash("sha256").update(reading.bytes).digest("hex");
  },
  outputs: {
    ...boardOutputs,
    file: ({ file = "" }) => file,
    offset: ofBoard((board) => hex32(board.offset)),
    length: ofBoard((board) => String(board.lengthBytes)),
    sha256: ({ sha256 = "" }) => sha256,
    md5: ofBoard((board) => board.md5),
    verified: ofBoard((board) => String(board.verified), "false"),
  },
  closingLine: ({ board, file = "" }) => {
    if (board === undefined) return "";
    const proof = board.verified ? "the chip's own MD5 is the same" : "not verified";
    return `Read ${formatBytes(board.lengthBytes)} from ${hex32(board.offset)} on into ${file}, ${proof}`;
  },
};
