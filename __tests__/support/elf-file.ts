import { concatBytes, words } from "../../src/base/bytes.js";

/** A section of a made-up ELF file. */
export interface ElfSection {
  readonly name: string;
  readonly address: number;
  readonly bytes: Uint8Array;
  /** PROGBITS (1) unless given. */
  readonly type?: number;
}

const half = (...values: readonly number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => [value & 0xff, value >> 8]));

/** A 32-bit ELF file for RISC-V (or another machine) with these sections, and a program segment for each. */
export function elfFile(sections: readonly ElfSection[], entry = 0x40080000, machine = 0xf3): Uint8Array {
  const names = ["", ...sections.map((section) => section.name), ".shstrtab"];
  const nameAt = (index: number): number => names.slice(0, index).reduce((sum, name) => sum + name.length + 1, 0);
  const namesBytes = Buffer.from(names.map((name) => `${name}\0`).join(""), "latin1");
  const segmentsAt = 0x34;
  const dataAt = segmentsAt + sections.length * 0x20;
  const offsets: number[] = [];
  let at = dataAt;
  for (const section of sections) {
    offsets.push(at);
    at += section.bytes.length;
  }
  const namesAt = at;
  const tableAt = namesAt + namesBytes.length;
  const header = concatBytes(
    Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, ...new Array<number>(9).fill(0)),
    half(2, machine),
    words(1, entry, segmentsAt, tableAt, 0),
    half(0x34, 0x20, sections.length, 0x28, sections.length + 2, sections.length + 1),
  );
  const programHeaders = sections.map(({ address, bytes }, index) =>
    words(1, offsets[index] ?? 0, address, address, bytes.length, bytes.length, 5, 4),
  );
  const sectionHeaders = sections.map(({ address, bytes, type = 1 }, index) =>
    words(nameAt(index + 1), type, 6, address, offsets[index] ?? 0, bytes.length, 0, 0, 4, 0),
  );
  return concatBytes(
    header,
    ...programHeaders,
    ...sections.map((section) => section.bytes),
    namesBytes,
    new Uint8Array(0x28),
    ...sectionHeaders,
    words(nameAt(names.length - 1), 3, 0, 0, namesAt, namesBytes.length, 0, 0, 1, 0),
  );
}
