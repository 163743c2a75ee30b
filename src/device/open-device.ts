import { chips } from "../chips/index.js";
import type { ChipDefinition } from "../chips/definition.js";
import type { ChipName } from "../chips/index.js";
import { flashSizeFromId } from "../chips/flash-ids.js";
import { FlashError, hasCode } from "../base/errors.js";
import { stubDialect } from "../protocol/command.js";
import type { Dialect } from "../protocol/command.js";
import { flashBegin, spiAttach, spiSetParams } from "../protocol/flash-commands.js";
import { connect } from "./connect.js";
import type { ConnectOptions } from "./connect.js";
import type { Connection } from "./connection.js";
import type { Device, RomDevice, StubDevice } from "./device.js";
import type { FlashAccess } from "./flash-access.js";
import { detectChip, identify } from "./identify.js";
import type { DetectedChip } from "./identify.js";
import { registersOf } from "./registers.js";
import { romFlash } from "./rom-flash.js";
import { readFlashId } from "./spi-id.js";
import { stubFlash } from "./stub-flash.js";
import { isUsbJtag } from "./usb.js";
import { stopWatchdogs } from "./watchdogs.js";

/** Rate of the first contact: every ROM measures it, and C2 asks for no less (esptool `loader.py` at bb72741). */
export const CONNECT_BAUD = 115_200;

/** What the chip needs before its flash is touched. Without registers, in Secure Download Mode, nothing can be done. */
async function prepareChip({ connection, chip, identity, security, loader }: Device): Promise<void> {
  if (security.secureDownload) return;
  if (loader === "rom" && chip.usb.serialJtag && isUsbJtag(connection.transport)) await stopWatchdogs(connection, chip);
  await chip.prepareFlash?.(registersOf(connection, chip), identity.revision);
}

/** The chip that answers, if it is the one that is wanted; `chip/mismatch` or `chip/unknown` else. */
async function detectWanted(connection: Connection, wanted: ChipName | "auto"): Promise<DetectedChip> {
  const detected = await detectChip(connection).catch((error: unknown) => {
    if (wanted === "auto" || !hasCode(error, "chip/unknown")) throw error;
    throw new FlashError(
      "chip/mismatch",
      `The job is for ${chips[wanted].label}. ${error.message}`,
      error.details,
      error,
    );
  });
  const { chip } = detected;
  if (wanted !== "auto" && chip !== chips[wanted]) {
    throw new FlashError("chip/mismatch", `The job is for ${chips[wanted].label}, the board has an ${chip.label}.`, {
      found: chip.name,
      wanted,
    });
  }
  return detected;
}

/** Connects and finds out what is there. `chip/mismatch` where it is another chip than the job was made for. */
export async function openDevice(
  connection: Connection,
  wanted: ChipName | "auto",
  options: ConnectOptions,
  onStep: (step: "connect" | "identify") => void,
): Promise<Device> {
  onStep("connect");
  const contact = await connect(connection, options);
  onStep("identify");
  const detected = await detectWanted(connection, wanted).catch((error: unknown) => {
    // What tells the chip has no checksum: before it ends a job it is asked for once more.
    if (!hasCode(error, "chip/mismatch", "chip/unknown")) throw error;
    return detectWanted(connection, wanted);
  });
  const { chip } = detected;
  const { identity, security } = await identify(connection, detected, contact);
  const device = { connection, chip, identity, security, ...contact };
  await prepareChip(device);
  return device;
}

/** The flash behind a device, its size, and how to work on it. */
export interface AttachedFlash {
  /** Vendor in the lowest byte; 0 where the chip does not let it be read. */
  readonly flashId: number;
  readonly sizeBytes: number;
  readonly access: FlashAccess;
}

/** What esptool takes for granted where an id is in no table. */
const UNKNOWN_FLASH_BYTES = 4 * 1024 * 1024;

async function readSize(
  connection: Connection,
  chip: ChipDefinition,
  dialect: Dialect,
): Promise<{ flashId: number; sizeBytes: number }> {
  const flashId = await readFlashId(connection, chip);
  const sizeBytes = flashSizeFromId(flashId) ?? UNKNOWN_FLASH_BYTES;
  if (dialect.setsFlashSize) await connection.request(spiSetParams(sizeBytes));
  return { flashId, sizeBytes };
}

/** In Secure Download Mode the chip tells no flash id, and its ROM would go by 2 MB. */
async function attachHiddenFlash(device: RomDevice, declaredBytes: number | undefined): Promise<AttachedFlash> {
  const { connection, chip } = device;
  if (declaredBytes === undefined) {
    throw new FlashError(
      "chip/unsupported",
      `This ${chip.label} is in Secure Download Mode and does not tell the size of its flash: it has to be given.`,
    );
  }
  await connection.request(spiSetParams(declaredBytes));
  return { flashId: 0, sizeBytes: declaredBytes, access: romFlash(device) };
}

/**
 * The ROM touches no flash before it is attached, and takes it for 2 MB before SPI_SET_PARAMS. `declaredBytes`: the size
 * of the flash, for a chip that does not tell it (chip/unsupported where it is missing).
 */
export async function attachRomFlash(device: RomDevice, declaredBytes?: number): Promise<AttachedFlash> {
  const { connection, chip, identity, security } = device;
  const { romDialect } = chip;
  const attach =
    romDialect.spiAttachBytes === 0
      ? // The ESP8266's ROM has no command for it; a write of nothing attaches the flash.
        flashBegin(romDialect, { lengthBytes: 0, blocks: 0, blockBytes: romDialect.blockBytes, offset: 0 })
      : spiAttach(romDialect, identity.spiPins);
  await connection.request(attach);
  if (security.secureDownload) return attachHiddenFlash(device, declaredBytes);
  return { ...(await readSize(connection, chip, romDialect)), access: romFlash(device) };
}

/** The stub attaches a flash on the usual pins by itself. */
export async function attachStubFlash(device: StubDevice): Promise<AttachedFlash> {
  const { connection, chip, identity } = device;
  if (identity.spiPins !== 0) await connection.request(spiAttach(stubDialect, identity.spiPins));
  return { ...(await readSize(connection, chip, stubDialect)), access: stubFlash(device) };
}
