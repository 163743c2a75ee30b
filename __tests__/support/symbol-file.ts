import { concatBytes, words } from "../../src/base/bytes.js";

const FUNCTION = 2;
/** The type of a symbol that is no function. */
export const DATA_OBJECT = 1;

/** An ELF file of nothing but a table of symbols and their names. */
export function symbolFile(
  symbols: readonly (readonly [name: string, address: number, lengthBytes: number, type?: number])[],
): Uint8Array {
  const names = Buffer.from(`\0${symbols.map(([name]) => `${name}\0`).join("")}`);
  const table = concatBytes(
    ...symbols.map(([name, address, lengthBytes, type = FUNCTION]) =>
      concatBytes(words(names.indexOf(`\0${name}\0`) + 1, address, lengthBytes), Uint8Array.of(type, 0, 1, 0)),
    ),
  );
  const header = new Uint8Array(0x34);
  header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  const view = new DataView(header.buffer);
  view.setUint32(32, 0x34, true);
  view.setUint16(48, 3, true);
  const dataAt = 0x34 + 3 * 0x28;
  const section = (type: number, at: number, lengthBytes: number, link: number): Uint8Array =>
    words(0, type, 0, 0, at, lengthBytes, link, 0, 0, 0);
  return concatBytes(
    header,
    section(0, 0, 0, 0),
    section(2, dataAt, table.length, 2),
    section(3, dataAt + table.length, names.length, 0),
    table,
    names,
  );
}
