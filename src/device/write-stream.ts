import { hasCode } from "../base/errors.js";
import type { Command } from "../protocol/command.js";
import { flashData, flashDeflateData } from "../protocol/flash-commands.js";
import { statusCodes } from "../protocol/status-codes.js";
import { writeTimeoutMs } from "../protocol/timeouts.js";
import { refusedStatus } from "./connection.js";
import type { Connection } from "./connection.js";
import type { BlockStream } from "./flash-access.js";

/** A block that arrived damaged was not used, so it alone may be sent again. Any other failure may not. */
const SENDS_PER_BLOCK = 4;

async function sendBlock(connection: Connection, command: Command): Promise<void> {
  for (let sent = 1; ; sent++) {
    try {
      await connection.request(command);
      return;
    } catch (error) {
      // The stub looks at the length before anything else (esp-flasher-stub `command_handler.c` at 0469124).
      const arrivedDamaged = hasCode(error, "device/checksum") || refusedStatus(error) === statusCodes.stubBadLength;
      if (sent >= SENDS_PER_BLOCK || !arrivedDamaged) throw error;
    }
  }
}

const dataCommands = { raw: flashData, deflate: flashDeflateData } as const;

/**
 * Sends the blocks one after the other. The stub acknowledges a block before it writes it and the ROM after, so each
 * request may take the time of its own block and of the one before. Returns the time that the last one may take.
 */
export async function sendBlocks(
  connection: Connection,
  stream: BlockStream,
  beforeBlock: (doneBytes: number, underWayBytes: number) => void,
): Promise<number> {
  const command = dataCommands[stream.encoding];
  let previousBytes = 0;
  let sentBytes = 0;
  for (const [sequence, block] of stream.blocks.entries()) {
    beforeBlock(sentBytes - previousBytes, previousBytes + block.flashBytes);
    const timeoutMs = writeTimeoutMs(previousBytes) + writeTimeoutMs(block.flashBytes);
    await sendBlock(connection, command(block.bytes, sequence, timeoutMs));
    previousBytes = block.flashBytes;
    sentBytes += block.flashBytes;
  }
  return writeTimeoutMs(previousBytes);
}
