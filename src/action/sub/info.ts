import type { SecurityState } from "../../chips/definition.js";
import { readBoardInfo } from "../../flash/board-info.js";
import type { BoardInfo } from "../../flash/board-info.js";
import { formatFlashSize, formatRevision } from "../format.js";
import { boardOutputs, factSummary } from "./board-outputs.js";
import { boardInputs, boardWish, loaderInputs, onBoard } from "./on-board.js";
import type { Notes, SubAction } from "./sub-action.js";

interface InfoFacts {
  readonly port: string;
  readonly board: BoardInfo;
}

const inputs = [...boardInputs, ...loaderInputs, "timeoutMs"] as const;

const ofBoard =
  (text: (board: BoardInfo) => string) =>
  ({ board }: Notes<InfoFacts>): string =>
    board === undefined ? "" : text(board);

function secureBoot({ secureBootV1, secureBootV2 }: SecurityState): string {
  if (secureBootV2) return "v2";
  return secureBootV1 ? "v1" : "off";
}

const flashSize = ({ flashSizeBytes }: BoardInfo): string =>
  flashSizeBytes === undefined ? "" : formatFlashSize(flashSizeBytes);
const flashId = ({ flashId: id, flashSizeBytes }: BoardInfo): string => (flashSizeBytes === undefined ? "" : id);

/** The output `info`. */
function infoDocument({ port = "", board }: Notes<InfoFacts>): object {
  if (board === undefined) return { port };
  const { identity, security } = board;
  return {
    port,
    chip: board.chip,
    package: identity.packageName,
    revision: formatRevision(identity.revision),
    mac: identity.mac,
    eui64: identity.eui64,
    features: identity.features,
    crystalMhz: identity.crystalMhz,
    flashId: flashId(board) || undefined,
    flashSizeBytes: board.flashSizeBytes,
    security,
  };
}

/** `info/`: what a board is, and what its eFuses forbid. Changes nothing. */
export const infoAction: SubAction<(typeof inputs)[number], InfoFacts> = {
  inputs,
  firstLine: (text) => `Ask the board at ${text("port")} what it is`,
  async work(asked, facts, surroundings) {
    facts.board = await onBoard(asked, asked, facts, surroundings, (transport, deps) =>
      readBoardInfo(transport, boardWish(asked), deps),
    );
  },
  outputs: {
    ...boardOutputs,
    "chip-revision": ofBoard(({ identity }) => formatRevision(identity.revision)),
    package: ofBoard(({ identity }) => identity.packageName),
    "flash-size": ofBoard(flashSize),
    "flash-id": ofBoard(flashId),
    "secure-boot": ofBoard(({ security }) => secureBoot(security)),
    "flash-encryption": ofBoard(({ security }) => String(security.flashEncryption)),
    "secure-download": ofBoard(({ security }) => String(security.secureDownload)),
    info: (facts) => JSON.stringify(infoDocument(facts)),
  },
  closingLine: ofBoard(
    ({ identity }) => `${identity.packageName} ${formatRevision(identity.revision)}, MAC ${identity.mac}`,
  ),
  summary: ({ port = "", board }, error) =>
    factSummary(
      "ESP32 board",
      [
        ["Port", port],
        ...(board === undefined
          ? []
          : ([
              ["Chip", `${board.identity.packageName} ${formatRevision(board.identity.revision)}`],
              ["MAC", board.identity.mac],
              ["Features", board.identity.features.join(", ")],
              ["Crystal", board.identity.crystalMhz === 0 ? "" : `${board.identity.crystalMhz} MHz`],
              ["Flash", flashSize(board) && `${flashSize(board)} (id ${board.flashId})`],
              ["Secure Boot", secureBoot(board.security)],
              ["Flash encryption", board.security.flashEncryption ? "on" : "off"],
              ["Secure Download Mode", board.security.secureDownload ? "on" : "off"],
            ] as const)),
      ],
      error,
    ),
};
