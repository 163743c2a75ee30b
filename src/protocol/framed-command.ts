import { concatBytes } from "../base/bytes.js";
import type { Command } from "./command.js";
import { HEADER_BYTES, requestParts } from "./packet.js";
import { encodeFrameIn, maxFrameBytes } from "./slip.js";

/** A command with all that is sent of it, so that a block can be made ready while the one before is on the wire. */
export interface FramedCommand extends Pick<Command, "op" | "replyLength" | "timeoutMs"> {
  /** What SLIP carries, without the block. */
  readonly start: Uint8Array;
  /** Bytes that SLIP carries in all. */
  readonly lengthBytes: number;
  readonly frame: Uint8Array;
}

/** The frame of one command, in memory of its own. */
export function frameCommand(command: Command): FramedCommand {
  return frameIn(new Uint8Array(roomBytes(command)), command);
}

/**
 * Frames one command after the other in two rooms by turns, as the frames of a long stream are megabytes for the collector:
 * a frame holds until the next but one is made.
 */
export function createFramer(): (command: Command) => FramedCommand {
  let rooms: readonly [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];
  return (command) => {
    const [last, oldest] = rooms;
    const room = oldest.length >= roomBytes(command) ? oldest : new Uint8Array(roomBytes(command));
    rooms = [room, last];
    return frameIn(room, command);
  };
}

const roomBytes = ({ payload, block }: Command): number =>
  maxFrameBytes(HEADER_BYTES + payload.length + (block?.length ?? 0));

function frameIn(room: Uint8Array, command: Command): FramedCommand {
  const { op, replyLength, timeoutMs, block } = command;
  const parts = requestParts(command);
  const start = concatBytes(...parts.slice(0, 2));
  return {
    op,
    replyLength,
    timeoutMs,
    start,
    lengthBytes: start.length + (block?.length ?? 0),
    frame: encodeFrameIn(room, parts),
  };
}
