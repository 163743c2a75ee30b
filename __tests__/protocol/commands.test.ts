import { stubDialect } from "../../src/protocol/command.js";
import type { Command } from "../../src/protocol/command.js";
import * as flash from "../../src/protocol/flash-commands.js";
import { opcodeName } from "../../src/protocol/opcodes.js";
import { encodeRequest } from "../../src/protocol/packet.js";
import * as system from "../../src/protocol/system-commands.js";
import { esp32 } from "../../src/chips/esp32.js";
import { esp32s2 } from "../../src/chips/esp32s2.js";
import { esp8266 } from "../../src/chips/esp8266.js";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const block = Uint8Array.of(0xaa, 0x55, 0x0f);
const begin = { lengthBytes: 0x12345, blocks: 5, blockBytes: 0x4000, offset: 0x10000 };

/** Opcode, length, checksum and payload are written down from Espressif's description of the protocol. */
const rows: readonly [string, Command, string][] = [
  [
    "FLASH_BEGIN, stub",
    flash.flashBegin(stubDialect, begin),
    "0002140000000000 45230100 05000000 00400000 00000100 00000000",
  ],
  [
    "FLASH_BEGIN, ESP32's ROM",
    flash.flashBegin(esp32.romDialect, begin),
    "0002100000000000 45230100 05000000 00400000 00000100",
  ],
  ["FLASH_DATA", flash.flashData(block, 7, 1000), "000313001f000000 03000000 07000000 00000000 00000000 aa550f"],
  [
    "FLASH_DEFL_BEGIN",
    flash.flashDeflateBegin(stubDialect, begin),
    "0010140000000000 45230100 05000000 00400000 00000100 00000000",
  ],
  [
    "FLASH_DEFL_DATA",
    flash.flashDeflateData(block, 8, 1000),
    "001113001f000000 03000000 08000000 00000000 00000000 aa550f",
  ],
  ["FLASH_END, staying", flash.flashEnd(1000), "0004040000000000 01000000"],
  ["FLASH_DEFL_END, staying", flash.flashDeflateEnd(1000), "0012040000000000 01000000"],
  [
    "SPI_FLASH_MD5",
    flash.flashMd5(stubDialect, 0x1000, 0x2000),
    "0013100000000000 00100000 00200000 00000000 00000000",
  ],
  ["SPI_ATTACH, eight bytes", flash.spiAttach(esp32.romDialect, 0), "000d080000000000 00000000 00000000"],
  ["SPI_ATTACH, four bytes", flash.spiAttach(stubDialect, 0x7060502), "000d040000000000 02050607"],
  [
    "SPI_SET_PARAMS",
    flash.spiSetParams(0x400000),
    "000b180000000000 00000000 00004000 00000100 00100000 00010000 ffff0000",
  ],
  ["ERASE_REGION", flash.eraseRegion(0x9000, 0x6000), "00d1080000000000 00900000 00600000"],
  ["ERASE_FLASH", flash.eraseChip(0x400000), "00d0000000000000"],
  ["READ_FLASH", flash.readFlash(0x8000, 0xc00), "00d2100000000000 00800000 000c0000 00100000 40000000"],
  ["READ_FLASH_SLOW", flash.readFlashSlow(0x8000, 64), "000e080000000000 00800000 40000000"],
  [
    "MEM_BEGIN",
    system.memoryBegin(0x1900, 2, 0x1800, 0x4010e000),
    "0005100000000000 00190000 02000000 00180000 00e01040",
  ],
  ["MEM_DATA", system.memoryData(block, 1), "000713001f000000 03000000 01000000 00000000 00000000 aa550f"],
  ["MEM_END, jumping", system.memoryEnd(0x4010e004), "0006080000000000 00000000 04e01040"],
  ["MEM_END, staying", system.memoryStay(), "0006080000000000 01000000 00000000"],
  ["READ_REG", system.readRegister(0x3ff5a000), "000a040000000000 00a0f53f"],
  [
    "WRITE_REG, twice",
    system.writeRegisters([
      { address: 0x60008000, value: 1 },
      { address: 0x60008004, value: 2, mask: 0xf, delayUs: 100 },
    ]),
    "0009200000000000 00800060 01000000 ffffffff 00000000 04800060 02000000 0f000000 64000000",
  ],
  [
    "CHANGE_BAUDRATE, divider of the ESP32's UART",
    system.changeUartDivider(0x0ada),
    "000f080000000000 da0a0000 01000000",
  ],
  ["CHANGE_BAUDRATE, stub", system.changeBaudrate(stubDialect, 921_600, 115_200), "000f080000000000 00100e00 00c20100"],
  [
    "CHANGE_BAUDRATE, ROM",
    system.changeBaudrate(esp32.romDialect, 921_600, 115_200),
    "000f080000000000 00100e00 00000000",
  ],
  ["GET_SECURITY_INFO", system.getSecurityInfo(), "0014000000000000"],
];

test.each(rows)("%s, byte by byte", (_name, command, bytes) => {
  expect(hex(encodeRequest(command))).toBe(bytes.replaceAll(" ", ""));
});

test("answers carry what was asked for before their status", () => {
  expect(flash.flashMd5(stubDialect, 0, 1).replyLength).toBe(16);
  expect(flash.flashMd5(esp32.romDialect, 0, 1).replyLength).toBe(32);
  expect(flash.flashMd5(esp8266.romDialect, 0, 1).replyLength).toBe(0);
  expect(flash.readFlashSlow(0, 64).replyLength).toBe(64);
  expect(system.getSecurityInfo().replyLength).toBe(20);
  expect(flash.flashData(block, 0, 1000).replyLength).toBe(0);
});

test("an MD5 reads the same from a ROM, which sends text, and from a stub, which sends bytes", () => {
  const md5 = "00ff10a0c0dbdcdd0123456789abcdef";
  expect(flash.md5FromReply(esp32s2.romDialect, Buffer.from(md5.toUpperCase(), "latin1"))).toBe(md5);
  expect(flash.md5FromReply(stubDialect, Buffer.from(md5, "hex"))).toBe(md5);
});

test("a stub takes deflated data and wants to be told the size of the flash", () => {
  expect(stubDialect).toMatchObject({ inflates: true, setsFlashSize: true });
});

test("what waits for the flash may take its time, what only answers may not", () => {
  expect(flash.flashBegin(stubDialect, { ...begin, lengthBytes: 1_000_000 }).timeoutMs).toBe(40_000);
  expect(flash.flashDeflateBegin(stubDialect, { ...begin, lengthBytes: 1_000_000 }).timeoutMs).toBe(40_000);
  expect(flash.eraseRegion(0, 2_000_000).timeoutMs).toBe(80_000);
  expect(flash.flashMd5(stubDialect, 0, 1_000_000).timeoutMs).toBe(8000);
  expect(flash.eraseChip(0x400000).timeoutMs).toBe(120_000);
  expect(flash.flashData(block, 0, 1234).timeoutMs).toBe(1234);
  expect(flash.flashDeflateEnd(1234).timeoutMs).toBe(1234);
  expect(system.sync().timeoutMs).toBe(100);
  expect(system.memoryEnd(0).timeoutMs).toBe(200);
  expect(system.readRegister(0).timeoutMs).toBe(3000);
});

test("commands are called what Espressif calls them, others by their number", () => {
  expect([0x02, 0x11, 0x13, 0xd1].map(opcodeName)).toEqual([
    "FLASH_BEGIN",
    "FLASH_DEFL_DATA",
    "SPI_FLASH_MD5",
    "ERASE_REGION",
  ]);
  expect(opcodeName(0x01)).toBe("command 0x01");
});
