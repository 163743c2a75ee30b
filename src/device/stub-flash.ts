import { createHash } from "node:crypto";
import { concatBytes, toHex } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { stubDialect } from "../protocol/command.js";
import {
  eraseRegion,
  flashBegin,
  flashDeflateBegin,
  flashDeflateEnd,
  flashEnd,
  flashMd5,
  md5FromReply,
  readFlash,
  readFlashAck,
} from "../protocol/flash-commands.js";
import { timeouts } from "../protocol/timeouts.js";
import type { StubDevice } from "./device.js";
import type { FlashAccess } from "./flash-access.js";
import { isEspressifUsb, isUsbOtg, OTG_BLOCK_BYTES } from "./usb.js";
import { sendBlocks } from "./write-stream.js";

const MD5_BYTES = 16;

/** `lengthBytes` of flash from `offset` on, checked against the MD5 that the stub sends behind them. */
export async function readFlashRange(device: StubDevice, offset: number, lengthBytes: number): Promise<Uint8Array> {
  const { connection } = device;
  await connection.request(readFlash(offset, lengthBytes));
  const packets: Uint8Array[] = [];
  let received = 0;
  while (received < lengthBytes) {
    const packet = await connection.nextFrame(timeouts.defaultMs, "a packet of flash data");
    packets.push(packet);
    received += packet.length;
    await connection.sendFrame(readFlashAck(received));
  }
  const digest = await connection.nextFrame(timeouts.defaultMs, "the MD5 of flash data");
  const bytes = concatBytes(...packets);
  const md5 = createHash("md5").update(bytes).digest("hex");
  if (received !== lengthBytes || digest.length !== MD5_BYTES || toHex(digest) !== md5) {
    throw new FlashError("device/bad-reply", "Flash data arrived damaged from the chip.", {
      flight: connection.recorder.lines(),
    });
  }
  return bytes;
}

const begins = { raw: flashBegin, deflate: flashDeflateBegin } as const;
const ends = { raw: flashEnd, deflate: flashDeflateEnd } as const;

/** The flash through the stub. */
export function stubFlash(device: StubDevice): FlashAccess {
  const { connection, chip } = device;
  const blockBytes = isUsbOtg(connection.transport, chip) ? OTG_BLOCK_BYTES : stubDialect.blockBytes;
  return {
    blockBytes,
    verifies: true,
    inflates: true,
    erasesAhead: true,
    // USB hands over as much as there is, and the stub's interrupt takes it before its loop can look.
    erasesBeside: connection.transport.capabilities.baudRate && !isEspressifUsb(connection.transport),
    reads: true,
    async md5(offset, lengthBytes) {
      const { data } = await connection.request(flashMd5(stubDialect, offset, lengthBytes));
      return md5FromReply(stubDialect, data);
    },
    async erase(offset, lengthBytes) {
      await connection.request(eraseRegion(offset, lengthBytes));
    },
    async write(stream, beforeBlock) {
      const { offset, blocks, encoding, ahead } = stream;
      // The stub begins an erase whenever it looks at a block and the flash is idle, up to the end that BEGIN names.
      const lengthBytes = ahead === undefined ? stream.lengthBytes : ahead.endOffset - offset;
      const begin = { lengthBytes, blocks: blocks.length, blockBytes, offset };
      await connection.request(begins[encoding](stubDialect, begin));
      const lastMs = await sendBlocks(connection, stream, "stub", beforeBlock);
      // The answer is the only proof that the last block was written. END wants all the bytes that BEGIN named; an erase
      // waits as well, and for an erase that is still running.
      if (ahead === undefined) {
        await connection.request(ends[encoding](lastMs));
        return;
      }
      const last = eraseRegion(ahead.thenErase.offset, ahead.thenErase.lengthBytes);
      await connection.request({ ...last, timeoutMs: last.timeoutMs + lastMs });
    },
    read: (offset, lengthBytes) => readFlashRange(device, offset, lengthBytes),
  };
}
