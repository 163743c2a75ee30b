import { concatBytes } from "../base/bytes.js";
import type { Command } from "./command.js";
import { requestParts } from "./packet.js";
import { encodeFrame } from "./slip.js";

/** A command with all that is sent of it, so that a block can be made ready while the one before is on the wire. */
export interface FramedCommand extends Pick<Command, "op" | "replyLength" | "timeoutMs"> {
  /** What SLIP carries, without the block. */
  readonly start: Uint8Array;
  /** Bytes that SLIP carries in all. */
  readonly lengthBytes: number;
  readonly frame: Uint8Array;
}

export function frameCommand(command: Command): FramedCommand {
  const { op, replyLength, timeoutMs, block } = command;
  const parts = requestParts(command);
  const start = concatBytes(...parts.slice(0, 2));
  return {
    op,
    replyLength,
    timeoutMs,
    start,
    lengthBytes: start.length + (block?.length ?? 0),
    frame: encodeFrame(...parts),
  };
}
