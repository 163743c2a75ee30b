/** Command numbers of ROM and stub (esptool `loader.py` at bb72741, l.571-720; esp-flasher-stub `commands.h` at fc713a4). */
export const opcodes = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeReg: 0x09,
  readReg: 0x0a,
  spiSetParams: 0x0b,
  spiAttach: 0x0d,
  readFlashSlow: 0x0e,
  changeBaudrate: 0x0f,
  flashDeflBegin: 0x10,
  flashDeflData: 0x11,
  flashDeflEnd: 0x12,
  spiFlashMd5: 0x13,
  getSecurityInfo: 0x14,
  /** From here on: stub only. */
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
  runUserCode: 0xd3,
} as const;

type OpcodeName = keyof typeof opcodes;
export type Opcode = (typeof opcodes)[OpcodeName];

const namesByOpcode = new Map<number, OpcodeName>(
  (Object.entries(opcodes) as [OpcodeName, Opcode][]).map(([name, op]) => [op, name]),
);

/** The command's name for logs, or its number where it has none. */
export function opcodeName(op: number): string {
  return namesByOpcode.get(op) ?? `command 0x${op.toString(16).padStart(2, "0")}`;
}
