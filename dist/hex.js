import { at as FlashError, z as hex32 } from "./first-line.js";
// src/image/hex.ts
const DATA = 0;
const END_OF_FILE = 1;
const EXTENDED_SEGMENT_ADDRESS = 2;
const START_SEGMENT_ADDRESS = 3;
const EXTENDED_LINEAR_ADDRESS = 4;
const START_LINEAR_ADDRESS = 5;
/** Data bytes that a record of each type must have; a data record may have any number. */
const LENGTH_BY_TYPE = {
	[END_OF_FILE]: 0,
	[EXTENDED_SEGMENT_ADDRESS]: 2,
	[START_SEGMENT_ADDRESS]: 4,
	[EXTENDED_LINEAR_ADDRESS]: 2,
	[START_LINEAR_ADDRESS]: 4
};
/** Length, address (2) and type in front of the data, checksum behind. */
const FRAME_BYTES = 5;
/** A colon and twice 260 digits, with room for blanks behind them; nothing longer is read as text. */
const LONGEST_LINE = 1024;
/** A limit of our own: as many as a flash of 256 MiB has sectors. */
const MOST_RUNS = 65536;
/** A record takes about a microsecond, several on a small core: other events run between slices of under 10 ms. */
const RECORDS_PER_SLICE = 1024;
const ADDRESS_SPACE = 4294967296;
function hexError(line, message) {
	return new FlashError("image/hex", `Line ${line.number} of the Intel HEX file ${message}.`, {
		line: line.number,
		offset: hex32(line.at)
	});
}
function* linesOf(file) {
	const all = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
	for (let at = 0, number = 1; at < all.length; number++) {
		const newline = all.indexOf(10, at);
		const end = newline < 0 ? all.length : newline;
		if (end - at > LONGEST_LINE) throw hexError({
			number,
			at,
			text: ""
		}, `has ${end - at} characters; 521 are possible`);
		yield {
			number,
			at,
			text: all.toString("latin1", at, end).trimEnd()
		};
		at = end + 1;
	}
}
/** The bytes of a line behind its colon, checked for length and checksum. */
function recordBytes(line) {
	if (!line.text.startsWith(":")) throw hexError(line, "does not begin with a colon");
	const digits = line.text.length - 1;
	const bytes = Buffer.from(line.text.slice(1), "hex");
	if (bytes.length * 2 !== digits) throw hexError(line, "is not made of pairs of hex digits");
	if (bytes.length !== FRAME_BYTES + (bytes[0] ?? 0)) throw hexError(line, `says that it has ${bytes[0] ?? 0} data bytes, but it is ${digits} digits long`);
	const sum = bytes.reduce((total, byte) => total + byte, 0) & 255;
	if (sum !== 0) throw hexError(line, `does not fit its checksum: its bytes add up to 0x${sum.toString(16)}`);
	return bytes;
}
/** The data records in the file's order. */
function* recordsOf(file) {
	let base = 0;
	let bound = ADDRESS_SPACE;
	let ended = false;
	let last = {
		number: 1,
		at: 0,
		text: ""
	};
	for (const line of linesOf(file)) {
		if (line.text === "") continue;
		if (ended) throw hexError(line, "stands behind the record that ends the file");
		last = line;
		const bytes = recordBytes(line);
		const type = bytes[3] ?? 0;
		const data = bytes.subarray(4, -1);
		const wanted = type === DATA ? data.length : LENGTH_BY_TYPE[type];
		if (wanted === void 0) throw hexError(line, `has record type ${type}; types 0 to 5 are known`);
		if (wanted !== data.length) throw hexError(line, `has ${data.length} data bytes; its type has ${wanted}`);
		if (type === DATA) {
			const address = base + bytes.readUInt16BE(1);
			if (address + data.length > bound) throw hexError(line, `runs over the end of its segment at ${hex32(bound)}`);
			if (data.length > 0) yield {
				line,
				address,
				data
			};
		} else if (type === EXTENDED_SEGMENT_ADDRESS) {
			base = data.readUInt16BE(0) * 16;
			bound = base + 65536;
		} else if (type === EXTENDED_LINEAR_ADDRESS) {
			base = data.readUInt16BE(0) * 65536;
			bound = ADDRESS_SPACE;
		}
		ended = type === END_OF_FILE;
	}
	if (!ended) throw hexError(last, "is the last, but it is no record that ends the file: the file is cut short");
}
function overlapError(file, address) {
	const lines = [];
	for (const record of recordsOf(file)) {
		if (address >= record.address && address < record.address + record.data.length) lines.push(record.line);
		if (lines.length === 2) break;
	}
	const [first = {
		number: 1,
		at: 0,
		text: ""
	}, second = first] = lines;
	return hexError(second, `has bytes for ${hex32(address)}, and so has line ${first.number}`);
}
/**
* Reads an Intel HEX file into its stretches without a gap, lowest address first. Start addresses (types 03 and 05) are
* checked and dropped. Throws image/hex with the line for anything that is not to the letter, also for bytes that are
* there twice.
*/
async function parseIntelHex(file, clock) {
	const gathered = new Uint8Array(Math.ceil(file.length / 2));
	const runs = [];
	let at = 0;
	let records = 0;
	for (const { line, address, data } of recordsOf(file)) {
		if (++records % RECORDS_PER_SLICE === 0) await clock.breathe();
		gathered.set(data, at);
		const run = runs.at(-1);
		if (runs.length > MOST_RUNS) throw hexError(line, `jumps to another address for the ${MOST_RUNS}th time`);
		if (run !== void 0 && run.address + run.lengthBytes === address) run.lengthBytes += data.length;
		else runs.push({
			address,
			at,
			lengthBytes: data.length
		});
		at += data.length;
	}
	if (runs.length === 0) throw new FlashError("image/hex", "The Intel HEX file has no data.", { offset: hex32(0) });
	runs.sort((one, other) => one.address - other.address);
	const groups = [];
	let end = -1;
	for (const run of runs) {
		if (run.address < end) throw overlapError(file, run.address);
		if (run.address === end) groups.at(-1)?.push(run);
		else groups.push([run]);
		end = run.address + run.lengthBytes;
	}
	return groups.map((group) => ({
		offset: group[0]?.address ?? 0,
		bytes: Buffer.concat(group.map((run) => gathered.subarray(run.at, run.at + run.lengthBytes)))
	}));
}
export { parseIntelHex };
