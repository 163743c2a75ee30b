import { FlashError } from "../base/errors.js";
import { hasCode } from "../base/errors.js";
import type { StubImage, StubSegment } from "../chips/definition.js";
import { opcodes } from "../protocol/opcodes.js";
import { decodeReply, encodeRequest } from "../protocol/packet.js";
import { readFlashSlow } from "../protocol/flash-commands.js";
import { memoryBegin, memoryData, memoryEnd, memoryStay } from "../protocol/system-commands.js";
import { timeouts } from "../protocol/timeouts.js";
import type { Connection, SendPace } from "./connection.js";
import type { RomDevice, StubDevice } from "./device.js";
import { readWord, writeWord } from "./registers.js";
import { isUsbOtg, OTG_BLOCK_BYTES } from "./usb.js";

/** Block of a RAM upload (esptool `loader.py` ESP_RAM_BLOCK at bb72741). */
const RAM_BLOCK_BYTES = 0x1800;
/** What a stub says when it has started, in a frame of its own. */
const GREETING = "OHAI";

/** Why no stub can be started, for a sentence such as "No stub, as …"; `undefined` where one can. */
export function stubHindrance({ chip, identity, security }: RomDevice): string | undefined {
  if (chip.loadStub === undefined) return "there is none for this chip";
  if (security.secureDownload) return "in Secure Download Mode the ROM takes none";
  return chip.stubRefusal?.(identity.revision, security);
}

async function uploadSegment(
  connection: Connection,
  segment: StubSegment,
  blockBytes: number,
  pace?: SendPace,
): Promise<void> {
  const { address, bytes } = segment;
  const blocks = Math.ceil(bytes.length / blockBytes);
  await connection.request(memoryBegin(bytes.length, blocks, blockBytes, address));
  for (let sequence = 0; sequence < blocks; sequence++) {
    const start = sequence * blockBytes;
    await connection.request(memoryData(bytes.subarray(start, start + blockBytes), sequence), pace);
  }
}

async function jumpToStub(connection: Connection, stub: StubImage): Promise<void> {
  try {
    await connection.request(memoryEnd(stub.entry));
  } catch (error) {
    // The ROM may jump before its answer is out; the greeting decides.
    if (!hasCode(error, "device/timeout")) throw error;
  }
}

/** What comes until `deadlineMs`, without the ROM's answer to the jump, which may be late. */
async function nextGreeting(connection: Connection, deadlineMs: number): Promise<Uint8Array> {
  for (;;) {
    const frame = await connection.nextFrame(deadlineMs - connection.clock.nowMs(), "the start of the stub");
    if (decodeReply(frame)?.op !== opcodes.memEnd) return frame;
  }
}

async function awaitGreeting(connection: Connection): Promise<void> {
  const deadlineMs = connection.clock.nowMs() + timeouts.defaultMs;
  const greeting = await nextGreeting(connection, deadlineMs).catch((error: unknown) => {
    if (!hasCode(error, "device/timeout")) throw error;
    throw new FlashError("device/stub", "The stub was uploaded but did not start.", error.details, error);
  });
  const text = Buffer.from(greeting).toString("latin1");
  if (text !== GREETING) {
    throw new FlashError("device/stub", `The stub greeted with ${JSON.stringify(text)} instead of "${GREETING}".`);
  }
}

/**
 * For a ROM that does not jump to RAM with Secure Boot on: its flash read function is pointed at the stub and called, and
 * pointed back by the stub's own commands (esptool `loader.py` `run_stub` at bb72741).
 */
async function startThroughPointer(device: RomDevice, stub: StubImage, pointer: number): Promise<void> {
  const { connection, chip } = device;
  await connection.request(memoryStay());
  const readFunction = await readWord(connection, pointer);
  await writeWord(connection, chip, pointer, stub.entry);
  await connection.sendFrame(encodeRequest(readFlashSlow(0, 0)));
  await awaitGreeting(connection);
  await writeWord(connection, chip, pointer, readFunction);
}

/** Uploads Espressif's stub at `pace`, starts it and waits for its greeting. `device/stub` if that does not come. */
export async function startStub(device: RomDevice, pace?: SendPace): Promise<StubDevice> {
  const { connection, chip, security } = device;
  const hindrance = stubHindrance(device);
  const stub = hindrance === undefined ? await chip.loadStub?.(device.identity.revision) : undefined;
  if (stub === undefined) {
    throw new FlashError("device/stub", `No stub for this ${chip.label}: ${hindrance ?? "there is none"}.`);
  }
  const blockBytes = isUsbOtg(connection.transport, chip) ? OTG_BLOCK_BYTES : RAM_BLOCK_BYTES;
  for (const segment of stub.segments) await uploadSegment(connection, segment, blockBytes, pace);
  const pointer = security.secureBootV2 ? chip.secureBootStubPointer : undefined;
  if (pointer === undefined) {
    await jumpToStub(connection, stub);
    await awaitGreeting(connection);
  } else {
    await startThroughPointer(device, stub, pointer);
  }
  return { ...device, loader: "stub" };
}
