import { B as readUint16, I as formatBytes, L as hex32, V as readUint32, et as FlashError } from "./first-line.js";
// src/image/elf.ts
const FILE_HEADER_BYTES = 52;
const SECTION_HEADER_BYTES = 40;
const PROGRAM_HEADER_BYTES = 32;
/** 7F "ELF", 32 bits, little-endian. */
const IDENT = [
	127,
	69,
	76,
	70,
	1,
	1
];
/** `e_machine`: Xtensa and RISC-V, the two kinds of core that these chips have. */
const MACHINES = [94, 243];
/** PROGBITS, INIT_ARRAY, FINI_ARRAY, PREINIT_ARRAY: the section types that bring bytes to memory. */
const LOADED_SECTION_TYPES = [
	1,
	14,
	15,
	16
];
const PT_LOAD = 1;
/** A limit of our own: without one, a broken file could have megabytes read for each of its sections. */
const LONGEST_NAME_BYTES = 1024;
/** What every step from ELF to image throws; `offset` is the place in the ELF file. */
function elfError(message, offset) {
	return new FlashError("image/elf", message, { offset: hex32(offset) });
}
/** Whether `bytes` begin as any ELF file does. */
function looksLikeElf(bytes) {
	return IDENT.slice(0, 4).every((byte, index) => bytes[index] === byte);
}
function slice(elf, offset, lengthBytes, what) {
	if (offset + lengthBytes > elf.length) throw elfError(`The ELF file has ${formatBytes(elf.length)}, but its ${what} should reach from ${hex32(offset)} to ${hex32(offset + lengthBytes)}.`, offset);
	return elf.subarray(offset, offset + lengthBytes);
}
function checkHeader(elf) {
	if (!looksLikeElf(elf)) throw elfError("An ELF file begins with 7f 45 4c 46; this one does not.", 0);
	const header = slice(elf, 0, FILE_HEADER_BYTES, "header");
	if (!IDENT.every((byte, index) => header[index] === byte)) throw elfError("The ELF file is not one of 32 bits, little-endian, as these chips need.", 4);
	const machine = readUint16(header, 18);
	if (!MACHINES.includes(machine)) throw elfError(`The ELF file is neither for Xtensa nor for RISC-V, but for machine ${hex32(machine)}.`, 18);
	return header;
}
function nameAt(names, offset, headerAt) {
	const name = names.subarray(offset, offset + LONGEST_NAME_BYTES);
	const end = name.indexOf(0);
	if (end < 0) throw elfError(`The section at ${hex32(headerAt)} of the ELF file has no name in the table of names.`, headerAt);
	return Buffer.from(name.subarray(0, end)).toString("utf8");
}
function readSections(elf, header) {
	const tableAt = readUint32(header, 32);
	const entryBytes = readUint16(header, 46);
	const count = readUint16(header, 48);
	const namesIndex = readUint16(header, 50);
	if (entryBytes !== SECTION_HEADER_BYTES || count === 0) throw elfError(`The ELF file claims ${count} section headers of ${formatBytes(entryBytes)}; they have 40 bytes.`, 46);
	if (namesIndex >= count) throw elfError(`The ELF file has no section ${namesIndex}, where names should be.`, 50);
	const table = slice(elf, tableAt, count * SECTION_HEADER_BYTES, "table of sections");
	const field = (index, word) => readUint32(table, index * SECTION_HEADER_BYTES + word * 4);
	const names = slice(elf, field(namesIndex, 4), field(namesIndex, 5), "table of names");
	const pieces = [];
	for (let index = 0; index < count; index++) {
		const address = field(index, 3);
		const lengthBytes = field(index, 5);
		if (!LOADED_SECTION_TYPES.includes(field(index, 1)) || address === 0 || lengthBytes === 0) continue;
		const name = nameAt(names, field(index, 0), tableAt + index * SECTION_HEADER_BYTES);
		const at = field(index, 4);
		pieces.push({
			name,
			address,
			at,
			bytes: slice(elf, at, lengthBytes, `section ${name}`)
		});
	}
	return pieces;
}
function readSegments(elf, header) {
	const count = readUint16(header, 44);
	const table = slice(elf, readUint32(header, 28), count * PROGRAM_HEADER_BYTES, "table of program segments");
	const pieces = [];
	for (let index = 0; index < count; index++) {
		const field = (word) => readUint32(table, index * PROGRAM_HEADER_BYTES + word * 4);
		const address = field(3);
		const lengthBytes = field(4);
		if (field(0) !== PT_LOAD || address === 0 || lengthBytes === 0) continue;
		const at = field(1);
		pieces.push({
			name: "",
			address,
			at,
			bytes: slice(elf, at, lengthBytes, `program segment ${index}`)
		});
	}
	return pieces;
}
function checkTotal(elf, pieces) {
	const total = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
	if (total > elf.length) throw elfError(`The parts of the ELF file have ${formatBytes(total)} together, more than the file itself.`, pieces[0]?.at ?? 0);
}
/** Reads a 32-bit ELF file for Xtensa or RISC-V. The pieces share memory with `elf`. Throws image/elf. */
function parseElf(elf) {
	const header = checkHeader(elf);
	const sections = readSections(elf, header);
	const segments = readSegments(elf, header);
	checkTotal(elf, sections);
	checkTotal(elf, segments);
	return {
		entry: readUint32(header, 24),
		sections,
		segments
	};
}
export { looksLikeElf as n, parseElf as r, elfError as t };
