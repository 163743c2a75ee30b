import { FlashError, hasCode } from "../base/errors.js";
import type { ChipDefinition } from "../chips/definition.js";
import { stubDialect } from "../protocol/command.js";
import type { Command } from "../protocol/command.js";
import { changeBaudrate, changeUartDivider, readRegister } from "../protocol/system-commands.js";
import type { Connection, SendPace } from "./connection.js";
import type { Device, RomDevice, StubDevice } from "./device.js";
import { MAGIC_ADDRESS } from "./identify.js";
import { attachStubFlash, CONNECT_BAUD } from "./open-device.js";
import type { AttachedFlash } from "./open-device.js";
import { writeCommand } from "./registers.js";
import { startStub } from "./stub.js";
import { readFlashRange } from "./stub-flash.js";

/** Both sides change their divider; garbage of the change has come by then (esptool `loader.py` `change_baud`). */
const SETTLE_MS = 50;
/** Beyond a round trip: enough for a frame each way at any rate, and for a bridge that holds bytes for 16 ms. */
const ANSWER_MS = 100;
/** A first question may come while the chip still changes its divider. At a wrong rate no answer comes at all. */
const MAX_QUESTIONS = 3;
/** Bytes from the chip: one READ_FLASH packet, closed by its MD5. */
const PROBE_FROM_CHIP_BYTES = 0x400;

/** A word that every read gives: the mask ROM's on the older chips; on later ones flash can be mapped there. */
function probeAddress({ magic, spi }: ChipDefinition): number {
  return magic === undefined ? spi.base + spi.usr : MAGIC_ADDRESS;
}

/** Asks until the chip answers at the new rate, which is most often at once. `question` may be asked any number of times. */
async function awaitAnswer({ connection }: Device, question: Command): Promise<void> {
  const roundTripMs = connection.quickestAnswerMs;
  for (let asked = 1; ; asked++) {
    try {
      await connection.request({ ...question, timeoutMs: ANSWER_MS + roundTripMs });
      if (asked === 1) return;
      // An answer to an earlier question must not be taken for one to the next command.
      await connection.sleep(SETTLE_MS + roundTripMs);
      connection.drain();
      return;
    } catch (error) {
      if (asked >= MAX_QUESTIONS || !hasCode(error, "device/timeout", "device/bad-reply")) throw error;
    }
  }
}

/**
 * Real data both ways: the dialogue about the flash to the chip, 1 KiB of flash with its MD5 from it.
 * Blocks of a write carry checksums of their own.
 */
async function checkLink(device: StubDevice): Promise<AttachedFlash> {
  const flash = await attachStubFlash(device);
  await readFlashRange(device, 0, PROBE_FROM_CHIP_BYTES);
  return flash;
}

/** The words of a register have no checksum, so a flash may seem not to answer. */
const SIGNS_OF_NOISE = [
  "device/timeout",
  "device/bad-reply",
  "device/rejected",
  "device/checksum",
  "device/stub",
  "device/flash-id",
] as const;

/** All that is asked on trial is answered in some ms; what noise took is never answered. */
const TRIAL_MS = 500;

/** Does `work`, whose first requests cross the link at `baud`; `device/baud` where they seem not to get through. */
async function trusting<Value>(connection: Connection, baud: number, work: () => Promise<Value>): Promise<Value> {
  connection.patienceMs = TRIAL_MS + 4 * connection.quickestAnswerMs;
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, ...SIGNS_OF_NOISE)) throw error;
    throw new FlashError("device/baud", `The link does not carry data at ${baud} baud.`, error.details, error);
  } finally {
    connection.patienceMs = Infinity;
  }
}

async function changeRate({ connection }: Device, command: Command, baud: number): Promise<void> {
  await connection.request(command);
  await connection.transport.setBaudRate(baud);
  connection.drain();
}

/**
 * Attaches the flash at `baud`, to which the link is taken if need be, and trusts the rate only after real data has
 * crossed it both ways. `device/baud` where it does not work: the stub then listens at a rate that the line does not
 * carry, and only a reset brings it back.
 */
export function raiseBaud(
  device: StubDevice,
  baud: number,
): Promise<{ readonly device: StubDevice; readonly flash: AttachedFlash }> {
  return trusting(device.connection, baud, async () => {
    const raised = { ...device, baud };
    if (baud !== device.baud) {
      await changeRate(device, changeBaudrate(stubDialect, baud, device.baud), baud);
      await awaitAnswer(raised, readRegister(probeAddress(device.chip)));
    }
    return { device: raised, flash: await checkLink(raised) };
  });
}

/**
 * The highest rate at which the chip's ROM is asked to take bytes; the first contact's where it stays at that. ROMs take them
 * one by one at the crystal's speed, which is assumed to do for 921600. The ESP32's has a ring of 256 bytes between (mask ROM
 * of revision 3), which in QEMU is more than full at 460800 already.
 */
export function romBaudLimit({ romBaud }: ChipDefinition): number {
  return romBaud === undefined ? CONNECT_BAUD : romBaud === "rate" ? 921_600 : 230_400;
}

/** No more than ring and UART hold, and not faster than the wire is: bridges and servers hand over a whole frame at once. */
function romPace(baud: number): SendPace {
  return { pieceBytes: 256, pauseMs: Math.ceil((256 * 10_000) / baud) };
}

/** What takes the ROM to `baud`. */
function romChange({ chip, identity, baud: present }: RomDevice, baud: number): Command {
  if (chip.romBaud === "rate") return changeBaudrate(chip.romDialect, baud, present);
  return changeUartDivider(Math.round((identity.crystalMhz * 16e6) / baud));
}

/** Tells a stub that changes the UART's clock which rate it finds; `undefined` for one that leaves the divider alone. */
function stubBaudChange({ chip, baud }: RomDevice): Command | undefined {
  const { stubBaudAddress: address } = chip;
  return address === undefined ? undefined : writeCommand(chip, [{ address, value: baud }]);
}

/**
 * Starts the stub, and uploads it at `baud`, which is at most `romBaudLimit`; below the present rate, as `startStub`.
 * `device/baud` where the ROM does not answer at that rate or the upload fails: only a reset brings it back.
 */
export async function startStubAt(device: RomDevice, baud: number): Promise<StubDevice> {
  const { chip, connection } = device;
  if (baud <= device.baud) {
    const change = device.baud === CONNECT_BAUD ? undefined : stubBaudChange(device);
    if (change !== undefined) await connection.request(change);
    return startStub(device);
  }
  return trusting(connection, baud, async () => {
    const raised = { ...device, baud };
    await changeRate(device, romChange(device, baud), baud);
    await awaitAnswer(raised, stubBaudChange(raised) ?? readRegister(probeAddress(chip)));
    return startStub(raised, chip.romBaud === "divider" ? romPace(baud) : undefined);
  });
}
