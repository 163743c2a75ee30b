import { FlashError } from "../base/errors.js";
import { hasCode } from "../base/errors.js";
import type { StubSegment } from "../chips/definition.js";
import { memoryBegin, memoryData, memoryEnd } from "../protocol/system-commands.js";
import { timeouts } from "../protocol/timeouts.js";
import type { Connection } from "./connection.js";
import type { RomDevice, StubDevice } from "./device.js";

/** Block of a RAM upload (esptool `loader.py` ESP_RAM_BLOCK at bb72741). */
const RAM_BLOCK_BYTES = 0x1800;
/** What a stub says when it has started, in a frame of its own. */
const GREETING = "OHAI";

async function uploadSegment(connection: Connection, segment: StubSegment): Promise<void> {
  const { address, bytes } = segment;
  const blocks = Math.ceil(bytes.length / RAM_BLOCK_BYTES);
  await connection.request(memoryBegin(bytes.length, blocks, RAM_BLOCK_BYTES, address));
  for (let sequence = 0; sequence < blocks; sequence++) {
    const start = sequence * RAM_BLOCK_BYTES;
    await connection.request(memoryData(bytes.subarray(start, start + RAM_BLOCK_BYTES), sequence));
  }
}

/** Uploads Espressif's stub, starts it and waits for its greeting. `device/stub` if that does not come. */
export async function startStub(device: RomDevice): Promise<StubDevice> {
  const { connection, chip } = device;
  const stub = await chip.loadStub?.(device.identity.revision);
  if (stub === undefined) throw new FlashError("chip/unsupported", `There is no stub for ${chip.label}.`);
  for (const segment of stub.segments) await uploadSegment(connection, segment);
  try {
    await connection.request(memoryEnd(stub.entry));
  } catch (error) {
    // The ROM may jump before its answer is out; the greeting decides.
    if (!hasCode(error, "device/timeout")) throw error;
  }
  const greeting = await connection.nextFrame(timeouts.defaultMs, "the start of the stub").catch((error: unknown) => {
    if (!hasCode(error, "device/timeout")) throw error;
    throw new FlashError("device/stub", "The stub was uploaded but did not start.", error.details, error);
  });
  const text = Buffer.from(greeting).toString("latin1");
  if (text !== GREETING) {
    throw new FlashError("device/stub", `The stub greeted with ${JSON.stringify(text)} instead of "${GREETING}".`);
  }
  return { ...device, loader: "stub" };
}
