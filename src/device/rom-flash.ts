import { alignUp, concatBytes } from "../base/bytes.js";
import {
  flashBegin,
  flashDeflateBegin,
  flashMd5,
  md5FromReply,
  readFlashSlow,
  SLOW_READ_BYTES,
} from "../protocol/flash-commands.js";
import type { RomDevice } from "./device.js";
import type { FlashAccess } from "./flash-access.js";
import { sendBlocks } from "./write-stream.js";

const begins = { raw: flashBegin, deflate: flashDeflateBegin } as const;

/** The flash through the ROM alone: small blocks, and BEGIN erases its whole range before it answers. */
export function romFlash(device: RomDevice): FlashAccess {
  const { connection, chip } = device;
  const dialect = chip.romDialect;
  const { blockBytes } = dialect;
  return {
    blockBytes,
    async md5(offset, lengthBytes) {
      const { data } = await connection.request(flashMd5(dialect, offset, lengthBytes));
      return md5FromReply(dialect, data);
    },
    async erase(offset, lengthBytes) {
      // The ROM has no erase command; a write that is begun and never continued erases the same sectors.
      const blocks = lengthBytes / blockBytes;
      await connection.request(flashBegin(dialect, { lengthBytes, blocks, blockBytes, offset }));
    },
    async write(stream, beforeBlock) {
      const lengthBytes = alignUp(stream.lengthBytes, blockBytes);
      const begin = { lengthBytes, blocks: stream.blocks.length, blockBytes, offset: stream.offset };
      await connection.request(begins[stream.encoding](dialect, begin));
      // The ROM acknowledges what it has written. END would leave the loader, so it is not sent.
      await sendBlocks(connection, stream, beforeBlock);
    },
    async read(offset, lengthBytes) {
      const parts: Uint8Array[] = [];
      for (let at = 0; at < lengthBytes; at += SLOW_READ_BYTES) {
        const wanted = Math.min(SLOW_READ_BYTES, lengthBytes - at);
        const { data } = await connection.request(readFlashSlow(offset + at, wanted));
        parts.push(data.subarray(0, wanted));
      }
      return concatBytes(...parts);
    },
  };
}
