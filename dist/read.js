import { I as concatBytes, L as formatBytes, at as FlashError, z as hex32 } from "./first-line.js";
import { H as refuse, K as PARTITION_TABLE_OFFSET, N as partitionNamed, w as saveFile, z as addressableBytes } from "./step.js";
import { n as boardFacts, t as workOnBoard } from "./work-on-board.js";
import { i as md5Of, r as readTable } from "./boot-parts.js";
import { a as boardOutputs, i as onBoard, n as boardWish, r as loaderInputs, t as boardInputs } from "./on-board.js";
import { t as runSubAction } from "./sub-action.js";
import { createHash } from "node:crypto";
// src/flash/read-flash.ts
/** Between two of them the loader is asked anew, so that trouble costs no more than this. */
const CHUNK_BYTES = 65536;
/** Refuses what the loader does not reach, and reads the board's table if need be. */
async function findRegion({ flash, device }, region) {
	const flashBytes = Math.min(flash.sizeBytes, addressableBytes(device.chip, device.loader));
	if ("partition" in region) {
		const table = await readTable({
			lengthBytes: flashBytes,
			read: (at, lengthBytes) => flash.access.read(at, lengthBytes)
		}, PARTITION_TABLE_OFFSET);
		const wanted = {
			name: region.partition,
			intent: `The partition ${region.partition} shall be read`
		};
		return partitionNamed(wanted, typeof table === "string" ? void 0 : table);
	}
	const { offset } = region;
	const lengthBytes = region.lengthBytes ?? flashBytes - offset;
	if (lengthBytes > 0 && offset + lengthBytes <= flashBytes) return {
		offset,
		lengthBytes
	};
	const message = `There is no such flash: ${region.lengthBytes === void 0 ? "" : `${formatBytes(region.lengthBytes)} from `}${hex32(offset)} on, of ${formatBytes(flashBytes)}.`;
	throw new FlashError("plan/out-of-range", message, {
		offset: hex32(offset),
		flashBytes
	});
}
/** Reads on from where an earlier try got to. */
async function readRest({ flash }, { offset, lengthBytes }, chunks, progress) {
	let doneBytes = sumLengths(chunks);
	while (doneBytes < lengthBytes) {
		const chunk = await flash.access.read(offset + doneBytes, Math.min(CHUNK_BYTES, lengthBytes - doneBytes));
		chunks.push(chunk);
		doneBytes += chunk.length;
		progress.done(doneBytes, lengthBytes);
	}
}
function sumLengths(chunks) {
	return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
/**
* Reads a piece of flash and compares its MD5 with the chip's own. Changes nothing. Rejects with plan/no-partition,
* plan/out-of-range, plan/unverified where the loader computes no MD5 and that is not allowed, and as `workOnBoard`.
*/
async function readFlash(transport, request, deps) {
	const chunks = [];
	let region;
	const attempt = async (board, progress) => {
		const { access } = board.flash;
		const { chip, security } = board.device;
		if (!access.verifies) refuse(request, "unverified", `The loader of this ${chip.label} computes no MD5, so what is read cannot be checked.`);
		if (security.flashEncryption) progress.message("warning", "This board encrypts its flash: what is read is encrypted.");
		progress.startPhase("read");
		region ??= await findRegion(board, request.region);
		const { offset, lengthBytes } = region;
		progress.message("info", `${formatBytes(lengthBytes)} from ${hex32(offset)} on.`);
		await readRest(board, region, chunks, progress);
		progress.endPhase();
		const bytes = concatBytes(...chunks);
		const md5 = await md5Of(bytes, deps.clock);
		if (access.verifies) {
			const held = await progress.phase("verify", () => access.md5(offset, lengthBytes));
			if (held !== md5) {
				chunks.length = 0;
				const message = `What was read has the MD5 ${md5}, but the flash ${held}.`;
				throw new FlashError("verify/mismatch", message, {
					expected: held,
					held: md5
				});
			}
			progress.verified();
		}
		return {
			...boardFacts(board),
			offset,
			lengthBytes,
			bytes,
			md5,
			verified: access.verifies
		};
	};
	return workOnBoard(transport, request, deps, {
		attempt,
		furthestBytes: () => region === void 0 ? -1 : sumLengths(chunks),
		changed: () => false
	});
}
// src/action/sub/read.ts
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
	"timeoutMs"
];
const ofBoard = (text, unknown = "") => ({ board }) => board === void 0 ? unknown : text(board);
/** `read/`: a range or partition of the flash as a file, checked against the chip's own MD5. */
const readAction = {
	inputs,
	check({ partition, offset, lengthBytes }) {
		if (partition === void 0 || offset === void 0 && lengthBytes === void 0) return;
		throw new FlashError("input/conflict", "`partition` says what to read, and so do `offset` and `length`, but only one of them can count.", { inputs: [
			"partition",
			"offset",
			"length"
		] });
	},
	firstLine: (text) => `Read ${text("partition") || "the flash"} of the board at ${text("port")} into ${text("file")}`,
	async work(asked, facts, surroundings) {
		const { partition, offset = 0, lengthBytes, baud, stub, allow } = asked;
		const { host } = surroundings;
		const region = partition === void 0 ? {
			offset,
			lengthBytes
		} : { partition };
		const reading = await onBoard(asked, asked, facts, surroundings, (transport, deps) => readFlash(transport, {
			...boardWish(asked),
			region,
			baud,
			stub,
			allow
		}, deps));
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
		verified: ofBoard((board) => String(board.verified), "false")
	},
	closingLine: ({ board, file = "" }) => {
		if (board === void 0) return "";
		const proof = board.verified ? "the chip's own MD5 is the same" : "not verified";
		return `Read ${formatBytes(board.lengthBytes)} from ${hex32(board.offset)} on into ${file}, ${proof}`;
	}
};
// src/action/sub/read-main.ts
await runSubAction(readAction);
export {};
