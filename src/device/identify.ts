import { hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { chipByImageId, chipByMagic, chips } from "../chips/index.js";
import type { ChipDefinition, ChipIdentity, SecurityState, WordAt } from "../chips/definition.js";
import { fieldOf } from "../chips/efuse.js";
import type { Connection } from "./connection.js";
import type { Device } from "./device.js";
import { readWord, readWords } from "./registers.js";
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

function securityOf(wordAt: WordAt, { chip, info }: DetectedChip, revision: number): SecurityState {
  if (info === undefined) {
    if (chip.securityOf !== undefined) return chip.securityOf(wordAt, revision);
    throw new FlashError("device/bad-reply", `This ${chip.label} does not tell its security settings.`);
  }
  const state = securityFromInfo(info);
  const { manualEncryptOff, keyManager } = chip.securityFields ?? {};
  return {
    ...state,
    keyManager: keyManager !== undefined && fieldOf(wordAt, keyManager) === 1,
    manualEncryptOff: manualEncryptOff !== undefined && fieldOf(wordAt, manualEncryptOff) === 1,
  };
}

/** Asks for the MAC's words once more where nothing else shows that they came over undamaged. */
async function confirmMac(
  connection: Connection,
  { identity }: ChipDefinition,
  loader: Device["loader"],
  wordAt: WordAt,
): Promise<void> {
  if (identity.macIsSound?.(wordAt) === true) return;
  for (const [address, word] of await readWords(connection, loader, identity.macRegisters)) {
    if (word === wordAt(address)) continue;
    throw new FlashError("device/bad-reply", `The MAC's word at ${hex32(address)} was read in two ways.`);
  }
}

/** MAC, revision and the like, and the security settings. `baud`: the rate that the ROM has measured. */
export async function identify(
  connection: Connection,
  detected: DetectedChip,
  { loader, baud }: Pick<Device, "loader" | "baud">,
): Promise<{ identity: ChipIdentity; security: SecurityState }> {
  const { chip, info } = detected;
  if (info?.secureDownload === true) return { identity: hiddenIdentity(chip), security: securityFromInfo(info) };
  const fields = Object.values(chip.securityFields ?? {}).map(({ address }) => address);
  const words = await readWords(connection, loader, new Set([...chip.identity.registers, ...fields]));
  const wordAt: WordAt = (address) => {
    const word = words.get(address);
    if (word !== undefined) return word;
    throw new FlashError("internal/unexpected", `The register ${hex32(address)} was not asked for.`);
  };
  await confirmMac(connection, chip, loader, wordAt);
  const identity = chip.identity.of(wordAt, baud);
  return { identity, security: securityOf(wordAt, detected, identity.revision) };
}
