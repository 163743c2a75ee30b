import type { Command } from "./command.js";
import { encodeRequest } from "./packet.js";
import { encodeFrame } from "./slip.js";

/** A command with all that is sent of it, so that a block can be made ready while the one before is on the wire. */
export interface FramedCommand extends Command {
  /** Header and payload. */
  readonly content: Uint8Array;
  /** The content as SLIP carries it. */
  readonly frame: Uint8Array;
}

export function frameCommand(command: Command): FramedCommand {
  const content = encodeRequest(command);
  return { ...command, content, frame: encodeFrame(content) };
}
