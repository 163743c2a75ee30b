import { alignUp, concatBytes, isBlank } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import type { ChipDefinition, RomErase } from "../chips/definition.js";
import {
  flashBegin,
  flashDeflateBegin,
  flashMd5,
  md5FromReply,
  readFlashSlow,
  SLOW_READ_BYTES,
} from "../protocol/flash-commands.js";
import { eraseTimeoutMs } from "../protocol/timeouts.js";
import type { RomDevice } from "./device.js";
import type { BlockStream, FlashAccess, WriteBlock } from "./flash-access.js";
import { readThroughRegisters, SPI_DATA_BYTES } from "./spi-id.js";
import { sendBlocks } from "./write-stream.js";

const begins = { raw: flashBegin, deflate: flashDeflateBegin } as const;
const SECTOR_BYTES = 0x1000;
const exactly = (lengthBytes: number): RomErase => ({ argumentBytes: lengthBytes, erasedBytes: lengthBytes });
const nothingUnderWay = (): undefined => undefined;

function refuse(chip: ChipDefinition, what: string): Promise<never> {
  const message = `The ROM of this ${chip.label} does not ${what} its flash in this state.`;
  return Promise.reject(new FlashError("chip/unsupported", message));
}

/** Reads in steps; `readStep` gives at least what it is asked for. */
async function readInSteps(
  lengthBytes: number,
  stepBytes: number,
  readStep: (at: number, wanted: number) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < lengthBytes; at += stepBytes) {
    const wanted = Math.min(stepBytes, lengthBytes - at);
    parts.push((await readStep(at, wanted)).subarray(0, wanted));
  }
  return concatBytes(...parts);
}

function blocksOf(bytes: Uint8Array, blockBytes: number): WriteBlock[] {
  return Array.from({ length: bytes.length / blockBytes }, (_, index) => ({
    bytes: bytes.subarray(index * blockBytes, (index + 1) * blockBytes),
    flashBytes: blockBytes,
  }));
}

/** The flash through the ROM alone: small blocks, and BEGIN erases its whole range before it answers. */
export function romFlash(device: RomDevice): FlashAccess {
  const { connection, chip, security } = device;
  const dialect = chip.romDialect;
  const { blockBytes } = dialect;
  // In Secure Download Mode: FLASH_BEGIN and FLASH_DATA, nothing that tells what the flash holds (esptool
  // `docs/en/advanced-topics/serial-protocol.rst` at bb72741).
  const isOpen = !security.secureDownload;
  const verifies = isOpen && dialect.md5Reply !== "none";

  const read = (offset: number, lengthBytes: number): Promise<Uint8Array> => {
    if (!isOpen) return refuse(chip, "read");
    if (verifies) {
      return readInSteps(lengthBytes, SLOW_READ_BYTES, async (at, wanted) => {
        const { data } = await connection.request(readFlashSlow(offset + at, wanted));
        return data;
      });
    }
    return readInSteps(lengthBytes, SPI_DATA_BYTES, (at, wanted) =>
      readThroughRegisters(connection, chip, offset + at, alignUp(wanted, 4)),
    );
  };

  const writeStream = async (
    stream: BlockStream,
    erase: RomErase,
    beforeBlock: (doneBytes: number, underWayBytes: number) => void,
  ): Promise<void> => {
    const begin = { lengthBytes: erase.argumentBytes, blocks: stream.blocks.length, blockBytes, offset: stream.offset };
    const timeoutMs = eraseTimeoutMs(erase.erasedBytes);
    await connection.request({ ...begins[stream.encoding](dialect, begin), timeoutMs });
    // The ROM acknowledges what it has written. END would leave the loader, so it is not sent.
    await sendBlocks(connection, stream, "rom", beforeBlock);
  };

  /** What a miscounting ROM erases behind the range; empty where that is blank anyway. */
  const readBehind = async ({ erasedBytes }: RomErase, offset: number, lengthBytes: number): Promise<Uint8Array> => {
    const behind = await read(offset + lengthBytes, erasedBytes - lengthBytes);
    return isBlank(behind) ? new Uint8Array(0) : behind;
  };

  /**
   * A sector, and again what the ROM erases along behind it. By itself, as a job that is cut off in between has lost that: so
   * it is at stake for 8 KiB and not for a whole image.
   */
  const writePair = (offset: number, last: Uint8Array, behind: Uint8Array): Promise<void> => {
    const fill = new Uint8Array(SECTOR_BYTES - last.length).fill(0xff);
    const both = concatBytes(last, fill, behind);
    const stream = { offset, lengthBytes: both.length, encoding: "raw" } as const;
    const pair = chip.romErase?.(offset, SECTOR_BYTES) ?? exactly(both.length);
    return writeStream({ ...stream, blocks: blocksOf(both, blockBytes) }, pair, nothingUnderWay);
  };

  return {
    blockBytes,
    verifies,
    inflates: isOpen && dialect.inflates,
    erasesAhead: false,
    erasesBeside: false,
    reads: isOpen,
    async md5(offset, lengthBytes) {
      if (!verifies) return refuse(chip, "compare");
      const { data } = await connection.request(flashMd5(dialect, offset, lengthBytes));
      return md5FromReply(dialect, data);
    },
    async erase(offset, lengthBytes) {
      // The ROM has no erase command; a write that is begun and never continued erases the same sectors.
      const plan = chip.romErase?.(offset, lengthBytes);
      const behind = plan === undefined ? new Uint8Array(0) : await readBehind(plan, offset, lengthBytes);
      if (behind.length === 0) {
        const { argumentBytes, erasedBytes } = plan ?? exactly(lengthBytes);
        const begin = { lengthBytes: argumentBytes, blocks: lengthBytes / blockBytes, blockBytes, offset };
        await connection.request({ ...flashBegin(dialect, begin), timeoutMs: eraseTimeoutMs(erasedBytes) });
        return;
      }
      const lastSector = offset + lengthBytes - SECTOR_BYTES;
      if (lastSector > offset) await this.erase(offset, lastSector - offset);
      await writePair(lastSector, new Uint8Array(0), behind);
    },
    async write(stream, beforeBlock) {
      const { offset, lengthBytes, blocks } = stream;
      const plan = chip.romErase?.(offset, lengthBytes);
      if (plan === undefined) return writeStream(stream, exactly(alignUp(lengthBytes, blockBytes)), beforeBlock);
      const sectorBytes = alignUp(lengthBytes, SECTOR_BYTES);
      const behind = await readBehind(plan, offset, sectorBytes);
      if (behind.length === 0) return writeStream(stream, plan, beforeBlock);
      const headBytes = sectorBytes - SECTOR_BYTES;
      const headBlocks = headBytes / blockBytes;
      const last = concatBytes(...blocks.slice(headBlocks).map(({ bytes }) => bytes));
      await writePair(offset + headBytes, last, behind);
      if (headBytes === 0) return;
      await this.write({ ...stream, lengthBytes: headBytes, blocks: blocks.slice(0, headBlocks) }, beforeBlock);
    },
    read,
  };
}
