import { readUint16, readUint32 } from "../../src/base/bytes.js";
import { esp32 } from "../../src/chips/esp32.js";
import type { Command, Dialect } from "../../src/protocol/command.js";
import { stubDialect } from "../../src/protocol/command.js";
import * as flash from "../../src/protocol/flash-commands.js";
import { opcodes } from "../../src/protocol/opcodes.js";
import { encodeRequest } from "../../src/protocol/packet.js";
import * as system from "../../src/protocol/system-commands.js";

/** The dialect of C3's ROM, as the traces show it. */
const c3RomDialect: Dialect = { ...esp32.romDialect, beginWords: 5 };

export function dialectOf(trace: string, loader: "rom" | "stub"): Dialect {
  if (loader === "stub") return stubDialect;
  return trace.startsWith("esp32c3") ? c3RomDialect : esp32.romDialect;
}

/** The engine's command for the arguments that are found in a recorded request. */
function commandFor(request: Uint8Array, dialect: Dialect): Command {
  const op = request[1] ?? 0;
  const payload = request.subarray(8, 8 + readUint16(request, 2));
  const word = (index: number): number => readUint32(payload, index * 4);
  const begin = (): flash.WriteBegin => ({
    lengthBytes: word(0),
    blocks: word(1),
    blockBytes: word(2),
    offset: word(3),
  });
  switch (op) {
    case opcodes.sync:
      return system.sync();
    case opcodes.getSecurityInfo:
      return system.getSecurityInfo();
    case opcodes.readReg:
      return system.readRegister(word(0));
    case opcodes.writeReg:
      return system.writeRegisters([{ address: word(0), value: word(1), mask: word(2), delayUs: word(3) }]);
    case opcodes.memBegin:
      return system.memoryBegin(word(0), word(1), word(2), word(3));
    case opcodes.memData:
      return system.memoryData(payload.subarray(16), word(1));
    case opcodes.memEnd:
      return system.memoryEnd(word(1));
    case opcodes.changeBaudrate:
      return system.changeBaudrate(dialect, word(0), word(1));
    case opcodes.spiAttach:
      return flash.spiAttach(dialect, word(0));
    case opcodes.spiSetParams:
      return flash.spiSetParams(word(1));
    case opcodes.flashBegin:
      return flash.flashBegin(dialect, begin());
    case opcodes.flashDeflBegin:
      return flash.flashDeflateBegin(dialect, begin());
    case opcodes.flashData:
      return flash.flashData(payload.subarray(16), word(1), 0);
    case opcodes.flashDeflData:
      return flash.flashDeflateData(payload.subarray(16), word(1), 0);
    case opcodes.flashDeflEnd:
      return flash.flashDeflateEnd(0);
    case opcodes.spiFlashMd5:
      return flash.flashMd5(dialect, word(0), word(1));
    case opcodes.eraseRegion:
      return flash.eraseRegion(word(0), word(1));
    case opcodes.eraseFlash:
      return flash.eraseChip(0);
    case opcodes.readFlash:
      return flash.readFlash(word(0), word(1));
    default:
      throw new Error(`no builder for op 0x${op.toString(16)}`);
  }
}

/** What the engine sends for the arguments of a recorded frame's content: a request, or an acknowledgement of flash data. */
export function rebuild(content: Uint8Array, dialect: Dialect): Uint8Array {
  const isRequest = content.length >= 8 && content[0] === 0 && content.length === 8 + readUint16(content, 2);
  return isRequest ? encodeRequest(commandFor(content, dialect)) : flash.readFlashAck(readUint32(content, 0));
}
