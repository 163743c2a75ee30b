import { L as formatBytes, at as FlashError, z as hex32 } from "./first-line.js";
import { r as blankImage, t as flashDevice } from "./flash-device.js";
import { A as planFlash, E as boardJournal, Ot as formatFlashSize } from "./step.js";
import { a as boardOutputs, i as onBoard, n as boardWish, o as describeBoard, r as loaderInputs, s as factSummary, t as boardInputs } from "./on-board.js";
import { t as runSubAction } from "./sub-action.js";
// src/flash/erase-job.ts
/** Who erases on purpose needs no word about what the flash no longer holds. */
const IMPLIED = ["would-not-boot", "declared-size"];
/**
* An erase is a job without content: what shall be blank and is not is erased, and the chip's MD5s prove it. All other
* guards stand. Throws plan/\u2026 for ranges that are no whole sectors, that no flash has, or that overlap.
*/
function eraseJob({ regions, allow, ...wish }) {
	const listed = regions === "all" ? [] : regions;
	const ranges = listed.flatMap((region) => "partition" in region ? [] : [region]);
	const crooked = ranges.find(({ lengthBytes }) => lengthBytes === 0 || lengthBytes % 4096 !== 0);
	if (crooked !== void 0) {
		const message = `The ${crooked.lengthBytes} bytes to erase at ${hex32(crooked.offset)} are not whole sectors of 4096 bytes.`;
		throw new FlashError("plan/alignment", message, { offset: hex32(crooked.offset) });
	}
	return planFlash({
		...wish,
		parts: ranges.map((range) => {
			const { name, bytes, sha256 } = blankImage("the range to erase", range);
			return {
				name,
				bytes,
				sha256,
				place: {
					kind: "offset",
					offset: range.offset
				}
			};
		}),
		blankPartitions: listed.flatMap((region) => "partition" in region ? [region.partition] : []),
		erase: regions === "all" ? "all" : "touched",
		allow: /* @__PURE__ */ new Set([...allow, ...IMPLIED]),
		keepGaps: false,
		compress: true,
		dryRun: false
	});
}
// src/action/sub/erase.ts
const inputs = [
	...boardInputs,
	...loaderInputs,
	"regions",
	"preserve",
	"rewrite",
	"baud",
	"stub",
	"allow",
	"timeoutMs"
];
const erasedText = (board) => board.skipped ? "Nothing to erase: it was blank already" : `Erased ${formatBytes(board.bytesToChange)}`;
const ofBoard = (text, unknown = "") => ({ board }) => board === void 0 ? unknown : text(board);
/** `erase/`: makes the whole flash, ranges or partitions of it blank, and proves it. */
const eraseAction = {
	inputs,
	firstLine: (text) => `Erase ${text("regions").trim().split(/\r?\n/).join(", ")} on the board at ${text("port")}`,
	async work(asked, facts, surroundings) {
		const { regions, preserve, rewrite, allow, baud, stub } = asked;
		const job = eraseJob({
			...boardWish(asked),
			regions,
			preserve,
			rewrite,
			allow,
			baud,
			stub
		});
		const journal = boardJournal(surroundings.host.env, asked.port);
		facts.board = await onBoard(asked, asked, facts, surroundings, (transport, deps) => flashDevice(transport, job, {
			...deps,
			journal
		}));
	},
	outputs: {
		...boardOutputs,
		"flash-size": ofBoard((board) => formatFlashSize(board.flashSizeBytes)),
		"bytes-changed": ofBoard((board) => String(board.bytesToChange)),
		skipped: ofBoard((board) => String(board.skipped), "false"),
		verified: ofBoard((board) => String(board.verified), "false"),
		"lost-partitions": ofBoard((board) => board.lostPartitions.join(","))
	},
	closingLine: ofBoard((board) => `${erasedText(board)}, ${board.verified ? "verified" : "not verified"}`),
	summary: ({ port = "", board }, error) => factSummary("ESP32 flash erased", [
		["Port", port],
		["Board", board === void 0 ? "" : describeBoard(board)],
		["Erased", board === void 0 ? "" : erasedText(board)],
		["Partitions that lost data", board?.lostPartitions.join(", ") ?? ""],
		["Kept", board?.preservedPartitions.join(", ") ?? ""]
	], error)
};
// src/action/sub/erase-main.ts
await runSubAction(eraseAction);
export {};
