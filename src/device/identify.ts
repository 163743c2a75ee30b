import { hex32, readUint32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { chipByImageId, chipByMagic } from "../chips/index.js";
import type { ChipDefinition, ChipIdentity, SecurityState } from "../chips/definition.js";
import { isUnsupported } from "../protocol/status-codes.js";
import { getSecurityInfo } from "../protocol/system-commands.js";
import type { Connection } from "./connection.js";
import { refusedStatus } from "./connection.js";
import { readWord } from "./registers.js";

/** A word of the mask ROM that every chip lets read, and that tells the older ones apart. */
export const MAGIC_ADDRESS = 0x40001000;
const CHIP_ID_OFFSET = 12;

/** The chip id of GET_SECURITY_INFO, or `undefined` where ROM or stub have no such command. */
async function chipIdFromSecurityInfo(connection: Connection): Promise<number | undefined> {
  try {
    const { data } = await connection.request(getSecurityInfo());
    return readUint32(data, CHIP_ID_OFFSET);
  } catch (error) {
    const status = refusedStatus(error);
    if (status !== undefined && isUnsupported(status)) return undefined;
    throw error;
  }
}

/** Which chip answers: by chip id first, by magic where there is no id. `chip/unknown` for any other. */
export async function detectChip(connection: Connection): Promise<ChipDefinition> {
  const chipId = await chipIdFromSecurityInfo(connection);
  if (chipId !== undefined) {
    const chip = chipByImageId(chipId);
    if (chip !== undefined) return chip;
    throw new FlashError("chip/unknown", `The chip has the id ${chipId}, which is not known.`, { chipId });
  }
  const magic = await readWord(connection, MAGIC_ADDRESS);
  const chip = chipByMagic(magic);
  if (chip !== undefined) return chip;
  throw new FlashError("chip/unknown", `The chip's magic number is ${hex32(magic)}, which is not known.`, {
    magic: hex32(magic),
  });
}

/** MAC, revision and the like, and the security settings. `baud`: the rate that the ROM has measured. */
export async function identify(
  connection: Connection,
  chip: ChipDefinition,
  baud: number,
): Promise<{ identity: ChipIdentity; security: SecurityState }> {
  const words = new Map<number, number>();
  // eFuses do not change under way: each register crosses the wire once.
  const read = async (address: number): Promise<number> => {
    const word = words.get(address) ?? (await readWord(connection, address));
    words.set(address, word);
    return word;
  };
  const identity = await chip.readIdentity(read, baud);
  const security = await chip.readSecurity(read, identity.revision);
  return { identity, security };
}
