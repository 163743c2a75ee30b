import { concatBytes, formatBytes, hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { PARTITION_TABLE_OFFSET } from "../image/partition-table.js";
import type { Transport } from "../transport/transport.js";
import { boardFacts } from "./board-facts.js";
import type { BoardFacts } from "./board-facts.js";
import { readTable } from "./boot-parts.js";
import { addressableBytes } from "./guards.js";
import { md5Of } from "./hash.js";
import type { Allowance, FlashRange, FlashResult } from "./job.js";
import { partitionNamed } from "./place.js";
import type { Progress } from "./progress.js";
import { refuse } from "./refuse.js";
import type { OpenBoard } from "./session.js";
import { workOnBoard } from "./work-on-board.js";
import type { BoardDeps, BoardWish } from "./work-on-board.js";

/** What to read: from an offset on, to the flash's end where no length is given, or a partition of the board's table. */
export type ReadRegion =
  { readonly offset: number; readonly lengthBytes: number | undefined } | { readonly partition: string };

export interface ReadRequest extends BoardWish {
  readonly region: ReadRegion;
  readonly allow: ReadonlySet<Allowance>;
}

/** What a board's flash holds. */
export interface FlashReading extends BoardFacts, FlashRange, Pick<FlashResult, "retries" | "phases"> {
  readonly bytes: Uint8Array;
  /** Of `bytes`, lower-case hex. */
  readonly md5: string;
  /** The chip's own MD5 of the range is the same. */
  readonly verified: boolean;
}

/** Between two of them the loader is asked anew, so that trouble costs no more than this. */
const CHUNK_BYTES = 0x10000;

/** Refuses what the loader does not reach, and reads the board's table if need be. */
async function findRegion({ flash, device }: OpenBoard, region: ReadRegion): Promise<FlashRange> {
  const flashBytes = Math.min(flash.sizeBytes, addressableBytes(device.chip, device.loader));
  if ("partition" in region) {
    const view = {
      lengthBytes: flashBytes,
      read: (at: number, lengthBytes: number) => flash.access.read(at, lengthBytes),
    };
    const table = await readTable(view, PARTITION_TABLE_OFFSET);
    const wanted = { name: region.partition, intent: `The partition ${region.partition} shall be read` };
    return partitionNamed(wanted, typeof table === "string" ? undefined : table);
  }
  const { offset } = region;
  const lengthBytes = region.lengthBytes ?? flashBytes - offset;
  if (lengthBytes > 0 && offset + lengthBytes <= flashBytes) return { offset, lengthBytes };
  const what = region.lengthBytes === undefined ? "" : `${formatBytes(region.lengthBytes)} from `;
  const message = `There is no such flash: ${what}${hex32(offset)} on, of ${formatBytes(flashBytes)}.`;
  throw new FlashError("plan/out-of-range", message, { offset: hex32(offset), flashBytes });
}

/** Reads on from where an earlier try got to. */
async function readRest(
  { flash }: OpenBoard,
  { offset, lengthBytes }: FlashRange,
  chunks: Uint8Array[],
  progress: Progress,
): Promise<void> {
  let doneBytes = sumLengths(chunks);
  while (doneBytes < lengthBytes) {
    const chunk = await flash.access.read(offset + doneBytes, Math.min(CHUNK_BYTES, lengthBytes - doneBytes));
    chunks.push(chunk);
    doneBytes += chunk.length;
    progress.done(doneBytes, lengthBytes);
  }
}

function sumLengths(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/**
 * Reads a piece of flash and compares its MD5 with the chip's own. Changes nothing. Rejects with plan/no-partition,
 * plan/out-of-range, plan/unverified where the loader computes no MD5 and that is not allowed, and as `workOnBoard`.
 */
export async function readFlash(transport: Transport, request: ReadRequest, deps: BoardDeps): Promise<FlashReading> {
  const chunks: Uint8Array[] = [];
  let region: FlashRange | undefined;

  const attempt = async (board: OpenBoard, progress: Progress): Promise<Omit<FlashReading, "retries" | "phases">> => {
    const { access } = board.flash;
    const { chip, security } = board.device;
    if (!access.verifies) {
      refuse(
        request,
        "unverified",
        `The loader of this ${chip.label} computes no MD5, so what is read cannot be checked.`,
      );
    }
    if (security.flashEncryption) {
      progress.message("warning", "This board encrypts its flash: what is read is encrypted.");
    }
    progress.startPhase("read");
    region ??= await findRegion(board, request.region);
    const { offset, lengthBytes } = region;
    progress.message("info", `${formatBytes(lengthBytes)} from ${hex32(offset)} on.`);
    await readRest(board, region, chunks, progress);
    progress.endPhase();
    const bytes = concatBytes(...chunks);
    const md5 = await md5Of(bytes, deps.clock);
    if (access.verifies) {
      const held = await progress.phase("verify", () => access.md5(offset, lengthBytes));
      if (held !== md5) {
        chunks.length = 0;
        const message = `What was read has the MD5 ${md5}, but the flash ${held}.`;
        throw new FlashError("verify/mismatch", message, { expected: held, held: md5 });
      }
      progress.verified();
    }
    return { ...boardFacts(board), offset, lengthBytes, bytes, md5, verified: access.verifies };
  };
  return workOnBoard(transport, request, deps, {
    attempt,
    furthestBytes: () => (region === undefined ? -1 : sumLengths(chunks)),
    changed: () => false,
  });
}
