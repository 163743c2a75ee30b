import { chips } from "../chips/index.js";
import type { ChipDefinition, ChipName } from "../chips/definition.js";
import { flashSizeFromId } from "../chips/flash-ids.js";
import { FlashError, hasCode } from "../base/errors.js";
import { stubDialect } from "../protocol/command.js";
import { spiAttach, spiSetParams } from "../protocol/flash-commands.js";
import { connect } from "./connect.js";
import type { ConnectOptions } from "./connect.js";
import type { Connection } from "./connection.js";
import type { Device, RomDevice, StubDevice } from "./device.js";
import type { FlashAccess } from "./flash-access.js";
import { detectChip, identify } from "./identify.js";
import { romFlash } from "./rom-flash.js";
import { readFlashId } from "./spi-id.js";
import { stubFlash } from "./stub-flash.js";

/** Rate of the first contact: every ROM measures it, and C2 asks for no less (esptool `loader.py` at bb72741). */
export const CONNECT_BAUD = 115_200;

/** Connects and finds out what is there. `chip/mismatch` where it is another chip than the job was made for. */
export async function openDevice(
  connection: Connection,
  wanted: ChipName | "auto",
  options: ConnectOptions,
  onStep: (step: "connect" | "identify") => void,
): Promise<Device> {
  onStep("connect");
  const { loader, baud } = await connect(connection, options);
  onStep("identify");
  const chip = await detectChip(connection).catch((error: unknown) => {
    if (wanted === "auto" || !hasCode(error, "chip/unknown")) throw error;
    throw new FlashError(
      "chip/mismatch",
      `The job is for ${chips[wanted].label}. ${error.message}`,
      error.details,
      error,
    );
  });
  if (wanted !== "auto" && chip !== chips[wanted]) {
    throw new FlashError("chip/mismatch", `The job is for ${chips[wanted].label}, the board has an ${chip.label}.`, {
      found: chip.name,
      wanted,
    });
  }
  const { identity, security } = await identify(connection, chip, baud);
  return { connection, chip, identity, security, baud, loader };
}

/** The flash behind a device: its id (vendor in the lowest byte), its size, and how to work on it. */
export interface AttachedFlash {
  readonly flashId: number;
  readonly sizeBytes: number;
  readonly access: FlashAccess;
}

/** What esptool takes for granted where an id is in no table. */
const UNKNOWN_FLASH_BYTES = 4 * 1024 * 1024;

async function readSize(connection: Connection, chip: ChipDefinition): Promise<{ flashId: number; sizeBytes: number }> {
  const flashId = await readFlashId(connection, chip);
  const sizeBytes = flashSizeFromId(flashId) ?? UNKNOWN_FLASH_BYTES;
  await connection.request(spiSetParams(sizeBytes));
  return { flashId, sizeBytes };
}

/** The ROM touches no flash before SPI_ATTACH, and takes it for 2 MB before SPI_SET_PARAMS. */
export async function attachRomFlash(device: RomDevice): Promise<AttachedFlash> {
  const { connection, chip, identity } = device;
  await connection.request(spiAttach(chip.romDialect, identity.spiPins));
  return { ...(await readSize(connection, chip)), access: romFlash(device) };
}

/** The stub attaches a flash on the usual pins by itself. */
export async function attachStubFlash(device: StubDevice): Promise<AttachedFlash> {
  const { connection, chip, identity } = device;
  if (identity.spiPins !== 0) await connection.request(spiAttach(stubDialect, identity.spiPins));
  return { ...(await readSize(connection, chip)), access: stubFlash(device) };
}
