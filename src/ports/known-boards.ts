import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FlashError } from "../base/errors.js";
import { readNote } from "../files/plain-file.js";
import type { PortInfo } from "./port-info.js";
import { systemCodeOf } from "./shared-file.js";

/** Behind which bridge a board was seen last: what finds it again when its USB serial number does not tell the MAC. */
export interface KnownBoard {
  readonly mac: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly location?: string;
  /** Which of a bridge's ports it is. */
  readonly interface?: string;
  readonly serial?: string;
  /** Milliseconds since 1970; of two boards noted for one place, the later one is right. */
  readonly seenAtMs: number;
}

/**
 * Notes which board was met at a port: one small file a board in `stateDir`, so that jobs do not get in each other's way.
 * Ports without USB are not noted. Throws `job/state`.
 */
export function rememberBoard(stateDir: string, mac: string, { usb }: PortInfo): void {
  if (usb === undefined) return;
  const { vendorId, productId, location, serial } = usb;
  const board: KnownBoard = {
    mac: mac.toLowerCase(),
    vendorId,
    productId,
    ...(location && { location }),
    ...(usb.interface && { interface: usb.interface }),
    ...(serial && { serial }),
    seenAtMs: Date.now(),
  };
  const file = path.join(stateDir, `${board.mac.replaceAll(":", "")}.json`);
  try {
    mkdirSync(stateDir, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(board));
    renameSync(`${file}.${process.pid}`, file);
  } catch (thrown) {
    throw new FlashError("job/state", `where board ${mac} is cannot be noted: ${String(thrown)}`, {}, thrown);
  }
}

/** All noted boards, one a place. Throws `job/state` where the folder cannot be read. */
export function knownBoards(stateDir: string): readonly KnownBoard[] {
  const byPlace = new Map<string, KnownBoard>();
  for (const board of readNotes(stateDir).sort((a, b) => a.seenAtMs - b.seenAtMs)) {
    byPlace.set(board.location ? `${board.location}:${board.interface ?? ""}` : board.mac, board);
  }
  return [...byPlace.values()];
}

/** The ports at which a board is to be expected by what was noted: its serial number if that is one of a kind, else its place. */
export function rememberedPorts(
  mac: string,
  boards: readonly KnownBoard[],
  ports: readonly PortInfo[],
): readonly PortInfo[] {
  const board = boards.find((known) => known.mac === mac);
  if (board === undefined) return [];
  const sameBridge = ports.filter(
    ({ usb, macFromUsb }) =>
      usb?.vendorId === board.vendorId &&
      usb.productId === board.productId &&
      usb.interface === board.interface &&
      macFromUsb === undefined,
  );
  const withSerial = (serial: string): readonly PortInfo[] => sameBridge.filter(({ usb }) => usb?.serial === serial);
  // Many bridges leave the factory with the serial number 0001, so a number counts only if no other has it.
  if (board.serial !== undefined) {
    const isOneOfAKind = boards.every(
      (other) => other.mac === mac || other.serial !== board.serial || other.interface !== board.interface,
    );
    const bySerial = withSerial(board.serial);
    if (isOneOfAKind && bySerial.length === 1) return bySerial;
    return bySerial.filter(({ usb }) => usb?.location === board.location);
  }
  return sameBridge.filter(({ usb }) => usb?.location === board.location && usb?.serial === undefined);
}

function readNotes(stateDir: string): KnownBoard[] {
  let files: readonly string[];
  try {
    files = readdirSync(stateDir);
  } catch (thrown) {
    if (systemCodeOf(thrown) === "ENOENT") return [];
    throw new FlashError("job/state", `the known boards cannot be read: ${String(thrown)}`, {}, thrown);
  }
  return files
    .filter((file) => /^[0-9a-f]{12}\.json$/.test(file))
    .flatMap((file) => boardNotedIn(path.join(stateDir, file)));
}

/** A damaged note is as good as none: the board is asked instead, and noted anew. */
function boardNotedIn(file: string): KnownBoard[] {
  try {
    const note = JSON.parse(readNote(file)) as Partial<KnownBoard> | null;
    const { mac, vendorId, productId, seenAtMs, location, serial } = note ?? {};
    const texts = [location, serial, note?.interface];
    if (typeof mac !== "string" || [vendorId, productId, seenAtMs].some((part) => typeof part !== "number")) return [];
    if (texts.some((part) => part !== undefined && typeof part !== "string")) return [];
    return [note as KnownBoard];
  } catch {
    return [];
  }
}
