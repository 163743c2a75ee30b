import { readUint16, readUint32 } from "../base/bytes.js";
import { elfError, looksLikeElf } from "../image/elf.js";

// System V ABI, "Sections" and "Symbol Table", 32-bit little-endian.
const SECTION_HEADER_BYTES = 0x28;
const SYMBOL_BYTES = 16;
const SHT_SYMTAB = 2;
const STT_FUNC = 2;
/** C++ names are long; what is longer is cut. */
const LONGEST_NAME_BYTES = 256;

/** Function and offset of an address, as `app_main+0x1c`; `undefined` outside of all functions. */
export type Symbolize = (address: number) => string | undefined;

interface FunctionSymbol {
  readonly address: number;
  readonly lengthBytes: number;
  readonly nameAt: number;
}

/** The section of this index as [type, offset, size, link]. */
type Section = readonly [type: number, at: number, lengthBytes: number, link: number];

function readSections(elf: Uint8Array): Section[] {
  if (!looksLikeElf(elf) || elf.length < 0x34) throw elfError("The file is no ELF file.", 0);
  const tableAt = readUint32(elf, 32);
  const count = readUint16(elf, 48);
  if (tableAt + count * SECTION_HEADER_BYTES > elf.length) {
    throw elfError("The ELF file ends before its table of sections does.", 32);
  }
  return Array.from({ length: count }, (_, index) => {
    const field = (word: number): number => readUint32(elf, tableAt + index * SECTION_HEADER_BYTES + word * 4);
    return [field(1), field(4), field(5), field(6)];
  });
}

function readFunctions(elf: Uint8Array, [, at, lengthBytes]: Section): FunctionSymbol[] {
  const functions: FunctionSymbol[] = [];
  for (let entry = at; entry + SYMBOL_BYTES <= at + lengthBytes; entry += SYMBOL_BYTES) {
    if (((elf[entry + 12] ?? 0) & 0xf) !== STT_FUNC) continue;
    const symbol = {
      nameAt: readUint32(elf, entry),
      address: readUint32(elf, entry + 4),
      lengthBytes: readUint32(elf, entry + 8),
    };
    if (symbol.lengthBytes > 0) functions.push(symbol);
  }
  return functions.sort((one, other) => one.address - other.address);
}

/** The last function that begins at or before `address`. */
function lastBefore(functions: readonly FunctionSymbol[], address: number): FunctionSymbol | undefined {
  let low = 0;
  let high = functions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((functions[middle]?.address ?? Infinity) <= address) low = middle + 1;
    else high = middle;
  }
  return functions[low - 1];
}

/** Names the functions of an ELF file by its table of symbols. Throws image/elf if there is none. */
export function readSymbols(elf: Uint8Array): Symbolize {
  const sections = readSections(elf);
  const table = sections.find(([type]) => type === SHT_SYMTAB);
  const names = table === undefined ? undefined : sections[table[3]];
  if (table === undefined || names === undefined) {
    throw elfError("The ELF file has no table of symbols: it was stripped.", 0);
  }
  if (table[1] + table[2] > elf.length || names[1] + names[2] > elf.length) {
    throw elfError("The ELF file ends before its table of symbols does.", 0);
  }
  const functions = readFunctions(elf, table);
  const nameOf = (at: number): string => {
    const bytes = elf.subarray(names[1] + at, Math.min(names[1] + at + LONGEST_NAME_BYTES, names[1] + names[2]));
    const end = bytes.indexOf(0);
    return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
  };
  return (address) => {
    const found = lastBefore(functions, address);
    if (found === undefined || address >= found.address + found.lengthBytes) return undefined;
    return `${nameOf(found.nameAt)}+0x${(address - found.address).toString(16)}`;
  };
}

/** Where panics name code: program counters of a backtrace, and registers that hold one. */
const codeAddresses = /^Backtrace:|\bat PC 0x|\b(?:PC|MEPC|RA|epc1) *[:=]/;
/** Of `pc:sp` only the first is code. */
const address = /(?<![:\w])0x([0-9a-f]{8})\b/gi;

/** A panic's lines, each followed by the functions of the addresses in it. */
export function symbolizePanic(lines: readonly string[], symbolize: Symbolize): string[] {
  return lines.flatMap((line) => {
    if (!codeAddresses.test(line)) return [line];
    const named = [...line.matchAll(address)].flatMap(([, digits = ""]) => {
      const name = symbolize(parseInt(digits, 16));
      return name === undefined ? [] : [`  0x${digits} ${name}`];
    });
    return [line, ...named];
  });
}
