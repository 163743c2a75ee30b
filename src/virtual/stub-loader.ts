import { concatBytes } from "../base/bytes.js";
import { opcodes } from "../protocol/opcodes.js";
import { statusCodes } from "../protocol/status-codes.js";
import { createInflater } from "./inflate.js";
import type { Machine, ProgramEnd } from "./machine.js";
import { busy, nextFrame } from "./program.js";
import type { Program } from "./program.js";
import { encodeReply, parseRequest } from "./request.js";
import type { Request } from "./request.js";
import type { SlipRules } from "./slip-receiver.js";
import { stubFlashHandlers } from "./stub-flash-commands.js";
import { stubReadHandlers } from "./stub-read-commands.js";
import type { StubHandler, StubOutcome, StubState } from "./stub-state.js";
import { stubSystemHandlers } from "./stub-system-commands.js";
import { timing } from "./timing.js";

// Espressif's flasher stub, after esp-flasher-stub `main.c` and `command_handler.c` at fc713a4.

const handlers: ReadonlyMap<number, StubHandler> = new Map([
  ...stubSystemHandlers,
  ...stubFlashHandlers,
  ...stubReadHandlers,
]);

const HEADER_BYTES = 8;
const REQUEST = 0x00;
/** Places for NAND commands, which answer "not implemented" until a host loads the plugin. */
const FIRST_PLUGIN_OP = 0xd5;
const LAST_PLUGIN_OP = 0xde;
const GREETING = Buffer.from("OHAI", "latin1");

/** A buffer of 0x4000 + 0xFF and the header, twice: one frame is worked on while the next one arrives. */
export const stubSlipRules: SlipRules = {
  maxFrameBytes: HEADER_BYTES + 0x4000 + 0xff,
  emptyFrameEnds: true,
  maxWaitingFrames: 1,
  deafBytes: 128,
};

function sendReply(machine: Machine, op: number, outcome: StubOutcome): void {
  const status = Uint8Array.of(outcome.status >>> 8, outcome.status & 0xff);
  const data = outcome.status === 0 ? outcome.data : undefined;
  const reply = encodeReply(op, outcome.value ?? 0, concatBytes(data ?? new Uint8Array(0), status));
  for (let count = 0; count <= (outcome.extraReplies ?? 0); count++) machine.send(reply);
}

function unknown(op: number): StubOutcome {
  const plugin = op >= FIRST_PLUGIN_OP && op <= LAST_PLUGIN_OP;
  return { status: plugin ? statusCodes.stubNotImplemented : statusCodes.stubInvalidCommand };
}

/** The frame as the stub's buffer shows it: what a frame shorter than a header lacks reads as zeros. */
function readRequest(frame: Uint8Array): Request | undefined {
  return parseRequest(
    frame.length < HEADER_BYTES ? concatBytes(frame, new Uint8Array(HEADER_BYTES - frame.length)) : frame,
  );
}

function* carryOut(machine: Machine, state: StubState, request: Request): Program<StubOutcome> {
  const handler = handlers.get(request.op);
  if (handler === undefined) return unknown(request.op);
  const result = handler(machine, state, request);
  return "next" in result ? yield* result : result;
}

/** Ends only when a host starts it anew. */
export function* stubLoader(machine: Machine): Program<ProgramEnd> {
  const state: StubState = {
    write: undefined,
    ram: undefined,
    inflater: createInflater(),
    inflated: new Uint8Array(0),
  };
  let lateStatus = 0;
  // It connects the flash and reads its size by itself.
  machine.bus.attached = true;
  machine.bus.limitBytes = machine.bus.memory.sizeBytes;
  machine.bus.reachBytes = machine.silicon.stubReachBytes;
  yield* busy(timing.stubStartMs);
  machine.send(GREETING);
  while (true) {
    const frame = yield* nextFrame();
    const request = readRequest(frame);
    if (request === undefined) continue;
    yield* machine.commandTaken("stub");
    const { op } = request;
    if (request.direction !== REQUEST) {
      sendReply(machine, op, { status: statusCodes.stubInvalidCommand });
    } else if (frame.length !== request.lengthBytes + HEADER_BYTES) {
      sendReply(machine, op, { status: statusCodes.stubBadLength });
    } else if (lateStatus !== 0) {
      // What failed after the last reply is told now, and this command is not carried out.
      sendReply(machine, op, { status: lateStatus });
      lateStatus = 0;
    } else if (op !== opcodes.runUserCode) {
      const outcome = yield* carryOut(machine, state, request);
      sendReply(machine, op, outcome);
      const after = outcome.status === 0 && outcome.after !== undefined ? yield* outcome.after() : 0;
      if (after === "stub") return "stub";
      lateStatus = after;
    }
  }
}
