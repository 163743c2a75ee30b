import { readUint32 } from "../../src/base/bytes.js";
import { decodeReply } from "../../src/protocol/packet.js";
import { createFrameDecoder } from "../../src/protocol/slip.js";
import type { Transport } from "../../src/transport/transport.js";

/** Notes which commands the engine sends. */
export interface CommandTap {
  /** In order, as their opcodes. */
  readonly commands: readonly number[];
  /** Registers that WRITE_REG went to, in order. */
  readonly writtenRegisters: readonly number[];
  /** Bytes that FLASH_BEGIN announced, which the ROM erases. */
  readonly begunBytes: () => number;
  readonly wrap: (transport: Transport) => Transport;
}

const FLASH_BEGIN = 0x02;
const WRITE_REG = 0x09;
const WRITE_REG_ENTRY_BYTES = 16;
const HEADER_BYTES = 8;

export function createCommandTap(): CommandTap {
  const commands: number[] = [];
  const writtenRegisters: number[] = [];
  let begunBytes = 0;
  const heard = createFrameDecoder();

  function note(frame: Uint8Array): void {
    if (decodeReply(frame) !== undefined || frame[0] !== 0) return;
    commands.push(frame[1] ?? -1);
    if (frame[1] === WRITE_REG) {
      for (let at = HEADER_BYTES; at < frame.length; at += WRITE_REG_ENTRY_BYTES) {
        writtenRegisters.push(readUint32(frame, at));
      }
    }
    if (frame[1] === FLASH_BEGIN) begunBytes += readUint32(frame, HEADER_BYTES);
  }
  return {
    commands,
    writtenRegisters,
    begunBytes: () => begunBytes,
    wrap: (transport) => ({
      ...transport,
      write(bytes) {
        for (const frame of heard.push(bytes)) note(frame);
        return transport.write(bytes);
      },
    }),
  };
}
