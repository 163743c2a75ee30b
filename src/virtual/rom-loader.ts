import { concatBytes } from "../base/bytes.js";
import { opcodes } from "../protocol/opcodes.js";
import type { Machine, ProgramEnd } from "./machine.js";
import { hang, nextFrame } from "./program.js";
import type { Program } from "./program.js";
import { encodeReply, parseRequest } from "./request.js";
import type { Request } from "./request.js";
import { romFlashHandlers } from "./rom-flash-commands.js";
import { romStatus } from "./rom-state.js";
import type { RomHandler, RomOutcome, RomState } from "./rom-state.js";
import { romSystemHandlers } from "./rom-system-commands.js";
import { secureDownloadCommands } from "./rom-traits.js";
import type { SlipRules } from "./slip-receiver.js";

const handlers: ReadonlyMap<number, RomHandler> = new Map([...romSystemHandlers, ...romFlashHandlers]);

/** A command that the ROM does not know is answered this often, under the op of the last one that it knew. */
const UNKNOWN_REPLIES = 8;
const REQUEST = 0x00;
/** What a ROM takes for the rate of its link, whatever it measures. */
const USUAL_BAUD = 115_200;

/** Assumed limits: the ROM takes the largest blocks that any host sends it, and buffers what comes meanwhile. */
export const romSlipRules: SlipRules = {
  maxFrameBytes: 0x4200,
  emptyFrameEnds: false,
  maxWaitingFrames: 16,
  deafBytes: 0,
};

/** Two status bytes, and two reserved ones on all but the ESP8266. */
function statusBytes(machine: Machine, status: number): Uint8Array {
  const bytes = new Uint8Array(machine.silicon.rom.statusBytes);
  bytes.set([status >>> 8, status & 0xff]);
  return bytes;
}

/** A command that the chip has, and that its security settings leave open. */
function isKnown(machine: Machine, op: number): boolean {
  const { security } = machine.settings;
  return machine.silicon.rom.commands.has(op) && (!security.has("secure-download") || secureDownloadCommands.has(op));
}

function sendReply(machine: Machine, state: RomState, outcome: RomOutcome): void {
  const body = concatBytes(outcome.data ?? new Uint8Array(0), statusBytes(machine, outcome.status));
  for (let count = 0; count < (outcome.repeats ?? 1); count++) {
    machine.send(encodeReply(state.lastOp, state.value, body));
  }
}

function* carryOut(machine: Machine, state: RomState, request: Request): Program<RomOutcome> {
  const handler = isKnown(machine, request.op) ? handlers.get(request.op) : undefined;
  if (handler === undefined) return { status: romStatus.invalid, repeats: UNKNOWN_REPLIES };
  state.lastOp = request.op;
  if (request.lengthBytes !== request.payload.length) return { status: romStatus.invalid };
  const result = handler(machine, state, request);
  return "next" in result ? yield* result : result;
}

/**
 * The mask ROM's serial loader. Until the first SYNC it measures the host's rate and hears nothing else. Ends when a
 * command makes the chip leave it.
 */
export function* romLoader(machine: Machine): Program<ProgramEnd> {
  const { romUart } = machine.silicon;
  if (romUart !== undefined) machine.memory.writeWord(romUart.linkBaudAddress, USUAL_BAUD);
  const state: RomState = { lastOp: 0, value: 0, write: undefined, ram: undefined };
  while (true) {
    const request = parseRequest(yield* nextFrame());
    if (request?.direction !== REQUEST) continue;
    if (machine.measuringBaud && request.op !== opcodes.sync) continue;
    yield* machine.commandTaken("rom");
    const outcome = yield* carryOut(machine, state, request);
    sendReply(machine, state, outcome);
    if (outcome.then === undefined) continue;
    if (outcome.then === "hang") yield* hang();
    else if (typeof outcome.then === "string") {
      if (outcome.stubBaud !== undefined) machine.setBaud(outcome.stubBaud);
      return outcome.then;
    } else machine.setBaud(outcome.then.baud);
  }
}
