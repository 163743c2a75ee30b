import { hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { chipByImageId, chipByMagic, chips } from "../chips/index.js";
import type { ChipDefinition, ChipIdentity, ReadRegister, SecurityState } from "../chips/definition.js";
import { readField } from "../chips/efuse.js";
import type { Connection } from "./connection.js";
import { readWord } from "./registers.js";
import { readSecurityInfo, securityFromInfo } from "./security-info.js";
import type { SecurityInfo } from "./security-info.js";

/** A word of the mask ROM that every chip lets read, and that tells the older ones apart. */
export const MAGIC_ADDRESS = 0x40001000;

/** The chip, and what GET_SECURITY_INFO told on the way; absent where there is no such command. */
export interface DetectedChip {
  readonly chip: ChipDefinition;
  readonly info?: SecurityInfo;
}

/** Which chip answers: by chip id first, by magic where there is no id. `chip/unknown` for any other. */
export async function detectChip(connection: Connection): Promise<DetectedChip> {
  const info = await readSecurityInfo(connection);
  if (info?.chipId !== undefined) {
    const { chipId } = info;
    const chip = chipByImageId(chipId);
    if (chip !== undefined) return { chip, info };
    throw new FlashError("chip/unknown", `The chip has the id ${chipId}, which is not known.`, { chipId });
  }
  // Only ESP32-S2 tells its security settings without a chip id; in Secure Download Mode it lets no register be read.
  if (info?.secureDownload === true) return { chip: chips.esp32s2, info };
  const magic = await readWord(connection, MAGIC_ADDRESS);
  const chip = chipByMagic(magic);
  if (chip !== undefined) return info === undefined ? { chip } : { chip, info };
  throw new FlashError("chip/unknown", `The chip's magic number is ${hex32(magic)}, which is not known.`, {
    magic: hex32(magic),
  });
}

/** A MAC for a chip that tells none. */
const UNKNOWN_MAC = "unknown";

/** In Secure Download Mode no register can be read, so all but the kind of chip stays hidden. */
function hiddenIdentity(chip: ChipDefinition): ChipIdentity {
  return {
    mac: UNKNOWN_MAC,
    revision: 0,
    packageName: chip.label,
    features: [],
    crystalMhz: 0,
    spiPins: 0,
  };
}

async function readSecurity(
  read: ReadRegister,
  { chip, info }: DetectedChip,
  revision: number,
): Promise<SecurityState> {
  if (info === undefined) {
    if (chip.readSecurity !== undefined) return chip.readSecurity(read, revision);
    throw new FlashError("device/bad-reply", `This ${chip.label} does not tell its security settings.`);
  }
  const state = securityFromInfo(info);
  const { manualEncryptOff, keyManager } = chip.securityFields ?? {};
  return {
    ...state,
    keyManager: keyManager !== undefined && (await readField(read, keyManager)) === 1,
    manualEncryptOff: manualEncryptOff !== undefined && (await readField(read, manualEncryptOff)) === 1,
  };
}

/** MAC, revision and the like, and the security settings. `baud`: the rate that the ROM has measured. */
export async function identify(
  connection: Connection,
  detected: DetectedChip,
  baud: number,
): Promise<{ identity: ChipIdentity; security: SecurityState }> {
  const { chip, info } = detected;
  if (info?.secureDownload === true) return { identity: hiddenIdentity(chip), security: securityFromInfo(info) };
  const words = new Map<number, number>();
  // eFuses do not change under way: each register crosses the wire once.
  const read = async (address: number): Promise<number> => {
    const word = words.get(address) ?? (await readWord(connection, address));
    words.set(address, word);
    return word;
  };
  const identity = await chip.readIdentity(read, baud);
  const security = await readSecurity(read, detected, identity.revision);
  return { identity, security };
}
