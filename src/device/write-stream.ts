import { hasCode } from "../base/errors.js";
import { concatBytes } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { eraseRegion, flashData, flashDeflateData } from "../protocol/flash-commands.js";
import { createFramer, frameCommand } from "../protocol/framed-command.js";
import type { FramedCommand } from "../protocol/framed-command.js";
import { statusCodes } from "../protocol/status-codes.js";
import { writeTimeoutMs } from "../protocol/timeouts.js";
import { refusedStatus } from "./connection.js";
import type { Connection } from "./connection.js";
import type { BlockStream } from "./flash-access.js";

/**
 * How often a loader is sent one block. The stub does not use one that arrived damaged, so it alone may be sent again; the
 * ROM has counted it and takes its number no more. After any other failure none may.
 */
const sendsPerBlock = { stub: 4, rom: 1 } as const;

async function sendBlock(connection: Connection, command: FramedCommand, sends: number): Promise<void> {
  for (let sent = 1; ; sent++) {
    try {
      await connection.request(command);
      return;
    } catch (error) {
      // The stub looks at the length before anything else (esp-flasher-stub `command_handler.c` at 0469124).
      const arrivedDamaged = hasCode(error, "device/checksum") || refusedStatus(error) === statusCodes.stubBadLength;
      if (sent >= sends || !arrivedDamaged) throw error;
    }
  }
}

/**
 * The stub's interrupt takes all that the UART holds, and drops what is behind the end of a frame; its loop then hands it the
 * other buffer. So many bytes are sent in between: the 128 that the UART can hold, and the 32 at which it interrupts
 * (esp-flasher-stub `transport.c` and `slip.c` at fc713a4). Outside of a frame a zero means nothing.
 */
const GAP = new Uint8Array(128 + 32);

/**
 * The erase and, without waiting for it, the first block. Neither is sent again: what fails here is for a new try, which enters
 * the loader anew.
 */
async function sendBeside(
  connection: Connection,
  { offset, lengthBytes }: NonNullable<BlockStream["beside"]>,
  block: FramedCommand,
): Promise<void> {
  const behindGap = { ...block, frame: concatBytes(GAP, block.frame) };
  await connection.requestAll([frameCommand(eraseRegion(offset, lengthBytes)), behindGap]);
}

/**
 * What carries a block on this machine, such as ser2net or a driver's thread, gets the processor for so long before the next
 * block is made ready; on a small machine the wire would else be idle for that. Assumed.
 */
const HAND_OVER_MS = 1;

/** Resolves when the answer has come or failed, and after that time at the latest. */
function handedOver(answer: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const stopTimer = clock.schedule(HAND_OVER_MS, resolve);
    const end = (): void => {
      stopTimer();
      resolve();
    };
    answer.then(end, end);
  });
}

const dataCommands = { raw: flashData, deflate: flashDeflateData } as const;

/**
 * Sends the blocks one after the other. The stub acknowledges a block before it writes it and the ROM after, so each
 * request may take the time of its own block and of the one before. While a block is on the wire, the next one is made
 * ready and `beforeBlock` called for it, so that it leaves as soon as the answer is there; three blocks may be under way
 * then. Returns the time that the last one may take.
 */
export async function sendBlocks(
  connection: Connection,
  { blocks, encoding, beside }: BlockStream,
  loader: keyof typeof sendsPerBlock,
  beforeBlock: (doneBytes: number, underWayBytes: number) => void,
): Promise<number> {
  const flashBytesOf = (sequence: number): number => blocks[sequence]?.flashBytes ?? 0;
  // One frame is on the wire and one made ready.
  const frame = createFramer();
  let doneBytes = 0;
  const makeReady = (sequence: number): FramedCommand | undefined => {
    const block = blocks[sequence];
    if (block === undefined) return undefined;
    doneBytes += flashBytesOf(sequence - 3);
    beforeBlock(doneBytes, flashBytesOf(sequence - 2) + flashBytesOf(sequence - 1) + block.flashBytes);
    const timeoutMs = writeTimeoutMs(flashBytesOf(sequence - 1)) + writeTimeoutMs(block.flashBytes);
    return frame(dataCommands[encoding](block.bytes, sequence, timeoutMs));
  };
  let ready = makeReady(0);
  for (let sequence = 0; ready !== undefined; sequence++) {
    const answer =
      beside !== undefined && sequence === 0
        ? sendBeside(connection, beside, ready)
        : sendBlock(connection, ready, sendsPerBlock[loader]);
    const next = handedOver(answer, connection.clock).then(() => makeReady(sequence + 1));
    // Whatever fails, the answer is not left behind: it would be taken for that to a later request.
    await Promise.allSettled([answer, next]);
    await answer;
    ready = await next;
  }
  return writeTimeoutMs(flashBytesOf(blocks.length - 1));
}
