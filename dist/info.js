import { t as readBoardInfo } from "./board-info.js";
import { Ot as formatFlashSize, kt as formatRevision } from "./step.js";
import { a as boardOutputs, i as onBoard, n as boardWish, r as loaderInputs, s as factSummary, t as boardInputs } from "./on-board.js";
import { t as runSubAction } from "./sub-action.js";
// src/action/sub/info.ts
const inputs = [
	...boardInputs,
	...loaderInputs,
	"timeoutMs"
];
const ofBoard = (text) => ({ board }) => board === void 0 ? "" : text(board);
function secureBoot({ secureBootV1, secureBootV2 }) {
	if (secureBootV2) return "v2";
	return secureBootV1 ? "v1" : "off";
}
const flashSize = ({ flashSizeBytes }) => flashSizeBytes === void 0 ? "" : formatFlashSize(flashSizeBytes);
const flashId = ({ flashId: id, flashSizeBytes }) => flashSizeBytes === void 0 ? "" : id;
/** The output `info`. */
function infoDocument({ port = "", board }) {
	if (board === void 0) return { port };
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
		flashId: flashId(board) || void 0,
		flashSizeBytes: board.flashSizeBytes,
		security
	};
}
/** `info/`: what a board is, and what its eFuses forbid. Changes nothing. */
const infoAction = {
	inputs,
	firstLine: (text) => `Ask the board at ${text("port")} what it is`,
	async work(asked, facts, surroundings) {
		facts.board = await onBoard(asked, asked, facts, surroundings, (transport, deps) => readBoardInfo(transport, boardWish(asked), deps));
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
		info: (facts) => JSON.stringify(infoDocument(facts))
	},
	closingLine: ofBoard(({ identity }) => `${identity.packageName} ${formatRevision(identity.revision)}, MAC ${identity.mac}`),
	summary: ({ port = "", board }, error) => factSummary("ESP32 board", [["Port", port], ...board === void 0 ? [] : [
		["Chip", `${board.identity.packageName} ${formatRevision(board.identity.revision)}`],
		["MAC", board.identity.mac],
		["Features", board.identity.features.join(", ")],
		["Crystal", board.identity.crystalMhz === 0 ? "" : `${board.identity.crystalMhz} MHz`],
		["Flash", flashSize(board) && `${flashSize(board)} (id ${board.flashId})`],
		["Secure Boot", secureBoot(board.security)],
		["Flash encryption", board.security.flashEncryption ? "on" : "off"],
		["Secure Download Mode", board.security.secureDownload ? "on" : "off"]
	]], error)
};
// src/action/sub/info-main.ts
await runSubAction(infoAction);
export {};
