import { formatBytes, hex32 } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { isEspressifUsb } from "../device/usb.js";
import { applyErases, applyWrites, planWork, streamOf, withoutErase } from "./apply.js";
import type { ApplyHooks, Work } from "./apply.js";
import { boardFacts } from "./board-facts.js";
import { compareFlash } from "./compare.js";
import type { CompareOptions } from "./compare.js";
import { costsOf, flashHoldsUpWire, writePace } from "./cost-model.js";
import type { Costs, WritePace } from "./cost-model.js";
import { desiredRanges, overlaps, sectorsOf, subtract } from "./desired.js";
import type { DesiredRange } from "./desired.js";
import { differing, sumBytes, unknownPieces } from "./difference.js";
import type { Piece } from "./difference.js";
import { stretchesBehindWrites } from "./erase-ahead.js";
import { checkAfter } from "./finish.js";
import { flashedApp } from "./flashed-app.js";
import { checkIdentity, checkLosses, checkStart, checkSuspects, settleOnBoard, widenFlash } from "./guard-board.js";
import { rangeOf } from "./guards.js";
import type { FlashImage, FlashJob, FlashRange, FlashResult, ImageResult } from "./job.js";
import { noJournal } from "./journal.js";
import type { Journal } from "./journal.js";
import type { PreparedForms } from "./prepare.js";
import type { Progress } from "./progress.js";
import { refuse } from "./refuse.js";
import type { OpenBoard } from "./session.js";
import type { Settlement } from "./settle.js";
import { digestsFound, verifyRanges } from "./verify.js";
import { wholeBlocks } from "./whole-blocks.js";

/** What a job knows across its tries. */
export interface ReconcileState {
  /** Most planned bytes that a comparison found in place; -1 before the first one. */
  everInPlace: number;
  /** The pieces that differed when the job began. */
  atStart: readonly Piece[] | undefined;
  /** Something was erased or written. */
  changed: boolean;
  /** A note of an earlier run was found. */
  resumed: boolean;
  /** The job with the board's answers, once there. */
  settled: Settlement | undefined;
  /** Partitions that lost data, as they were named before the first change. */
  lostPartitions: readonly string[];
  bytesWritten: number;
  bytesErased: number;
}

interface Deps {
  readonly clock: Clock;
  readonly progress: Progress;
  readonly journal: Journal;
  readonly prepared: PreparedForms;
}

export type Outcome = Omit<FlashResult, "bytesSent" | "retries" | "phases">;

function boardCosts({ device }: OpenBoard): Costs {
  const { transport, quickestAnswerMs } = device.connection;
  const hasRate = transport.capabilities.baudRate && !isEspressifUsb(transport);
  return costsOf({ loader: device.loader, baud: hasRate ? device.baud : undefined, quickestAnswerMs });
}

/** Asks the chip what it holds, and counts what is in place. */
async function compare(
  { flash }: OpenBoard,
  ranges: readonly DesiredRange[],
  options: Omit<CompareOptions, "clock">,
  state: ReconcileState,
  deps: Deps,
): Promise<readonly Piece[]> {
  const pieces = await compareFlash(flash.access, ranges, { ...options, clock: deps.clock });
  const inPlace = sumBytes(ranges) - sumBytes(differing(pieces));
  state.everInPlace = Math.max(state.everInPlace, inPlace);
  deps.progress.message("info", `In place: ${formatBytes(inPlace)} of ${formatBytes(sumBytes(ranges))}.`);
  return pieces;
}

const erasedWithWrites = (writes: Work["writes"]): readonly FlashRange[] =>
  writes.flatMap(({ behind, beside }) => [behind, beside].flatMap((range) => range ?? []));

function workBytes({ erases, writes }: Work): number {
  return sumBytes(erases) + sumBytes(writes) + sumBytes(erasedWithWrites(writes));
}

/** Erases and writes, with a note on the runner of what may be cut short at each moment. */
async function change(
  board: OpenBoard,
  job: FlashJob,
  plan: { readonly work: Work; readonly suspects: readonly FlashRange[]; readonly pace: WritePace | undefined },
  state: ReconcileState,
  deps: Deps,
): Promise<void> {
  const { progress, journal, clock } = deps;
  const { access } = board.flash;
  const { mac } = board.device.identity;
  const { work, suspects, pace } = plan;
  const total = workBytes(work);
  // Suspect sectors stay noted until their own erase has been acknowledged.
  const pending = new Set(work.erases.filter((range) => suspects.some((suspect) => overlaps(suspect, range))));
  journal.open(mac, [...work.erases, ...work.writes.map(sectorsOf), ...erasedWithWrites(work.writes)], suspects);
  state.changed = true;
  const writtenBefore = state.bytesWritten;
  let erasedBytes = 0;
  let writtenBytes = 0;
  const hooks: ApplyHooks = {
    // Each once: the next run tells how many bytes they are.
    underWay: (ranges) => journal.mark(mac, [...new Set([...pending, ...ranges])]),
    erased(range) {
      pending.delete(range);
      erasedBytes += range.lengthBytes;
      state.bytesErased += range.lengthBytes;
      progress.done(erasedBytes + writtenBytes, total);
    },
    written(doneBytes) {
      writtenBytes = doneBytes;
      state.bytesWritten = writtenBefore + doneBytes;
      progress.done(erasedBytes + writtenBytes, total);
    },
  };
  const options = { compress: job.compress && access.inflates, prepared: deps.prepared, pace };
  const [firstRun] = work.writes;
  const first = firstRun && streamOf(access, firstRun, options, clock);
  // Deflated while the flash is erased; what goes wrong with it is told when it is needed.
  first?.catch(() => undefined);
  if (work.erases.length > 0) await progress.phase("erase", () => applyErases(access, work, hooks));
  if (first !== undefined) {
    await progress.phase("write", () => applyWrites(access, work, { ...options, first }, clock, hooks));
  }
}

function imageResult(
  image: FlashImage,
  ranges: readonly DesiredRange[],
  changing: readonly Piece[],
  digests: ReadonlyMap<DesiredRange, string>,
): ImageResult {
  const { name, sha256, offset } = image;
  const lengthBytes = image.bytes.length;
  const own = ranges.filter((range) => range.image === image);
  const inImage = changing.filter((piece) => own.some((range) => overlaps(range, piece)));
  // With `erase: all` the range goes on to the end of the image's last sector.
  const writtenBytes = Math.min(sumBytes(inImage), lengthBytes);
  const leftOutBytes = sumBytes(subtract(rangeOf(image), own));
  const [range] = own;
  const md5 = leftOutBytes === 0 && range !== undefined ? digests.get(range) : undefined;
  const result = { name, sha256, offset, lengthBytes, writtenBytes, leftOutBytes };
  return md5 === undefined ? result : { ...result, md5 };
}

/**
 * One try: guards, comparison, change, verification. On the way it updates `state`, which outlives a failed try.
 */
export async function reconcile(board: OpenBoard, plan: FlashJob, state: ReconcileState, deps: Deps): Promise<Outcome> {
  const { device, flash } = board;
  const { clock, progress } = deps;
  const { access } = flash;
  const { mac } = device.identity;
  const journal = device.security.secureDownload ? noJournal : deps.journal;
  checkAfter(plan);
  checkIdentity(board, plan);
  // The first change may take away what the answers came from, so they are asked for once.
  state.settled ??= await settleOnBoard(board, plan);
  const { settled } = state;
  const { job, flashBytes } = settled;
  // Once more with the places and bytes that the board's answers gave.
  checkIdentity(board, job);
  await widenFlash(board, flashBytes, clock);
  await checkStart(board, settled);
  if (flashBytes < flash.sizeBytes) {
    progress.message(
      "warning",
      `The loader reaches ${formatBytes(flashBytes)} of ${formatBytes(flash.sizeBytes)}: what lies above stays as it is.`,
    );
  }
  if (settled.keepsTable) {
    progress.message("info", "The board's partition table stays, as the job goes by it and brings none.");
  }
  if (settled.keepsOtaData) {
    progress.message("warning", "The OTA data are a gap of the image and are kept: an older app may go on to start.");
  }

  progress.startPhase("compare");
  const suspects = journal.suspects(mac);
  checkSuspects(suspects, flashBytes);
  if (suspects.length > 0) {
    const anew = `${formatBytes(sumBytes(suspects))} are erased anew.`;
    state.resumed ||= !state.changed;
    if (state.changed) progress.message("info", `The try before did not end: ${anew}`);
    else progress.message("warning", `An earlier run on this board did not end: ${anew}`);
  }
  const torn = suspects.find((suspect) => job.keep.some((kept) => overlaps(suspect, kept)));
  if (torn !== undefined) {
    refuse(job, "preserve", `What shall be kept at ${hex32(torn.offset)} was left half done by an earlier run.`);
  }
  const ranges = desiredRanges(job, flashBytes);
  const costs = boardCosts(board);
  // After trouble it counts what is in place, however little; and without an erase each sector has to be known.
  const proof = state.everInPlace < 0 && job.erase !== "none" ? "samples" : "all";
  const compared = access.verifies
    ? await compare(board, ranges, { suspects, costs, proof }, state, deps)
    : unknownPieces(ranges);
  const extraErases = suspects.flatMap((suspect) => subtract(suspect, ranges.map(sectorsOf)));
  const found = job.erase === "none" ? await withoutErase(access, compared, extraErases, clock) : compared;
  const pieces = job.rewrite === true ? found.map((piece): Piece => ({ ...piece, state: "suspect" })) : found;
  const changing = differing(pieces);
  state.atStart ??= changing;
  const atStart = state.atStart;
  const losing = await checkLosses(board, settled, differing(found), clock);
  if (losing.length > 0 && state.lostPartitions.length === 0) {
    state.lostPartitions = losing;
    progress.message("warning", `Partitions of this board that lose their data: ${losing.join(", ")}.`);
  }
  const stretches = job.compress && access.erasesAhead ? stretchesBehindWrites(pieces) : [];
  const limits = { flashBytes, keep: job.keep, others: stretches };
  const blocks = job.erase === "none" ? [] : await wholeBlocks(access, pieces, limits, { costs, clock });
  progress.endPhase();

  const byWindow = access.erasesAhead && job.compress && flashHoldsUpWire(costs);
  const besideCosts = access.erasesBeside ? { besideCosts: costs } : {};
  const work = planWork(pieces, { noted: extraErases, blocks, stretches, byWindow, ...besideCosts });
  const nothingToDo = workBytes(work) === 0;
  const app = flashedApp(job.images);
  const known = {
    ...boardFacts(board),
    bytesInPlace: sumBytes(ranges) - sumBytes(atStart),
    bytesToChange: sumBytes(atStart),
    ...(app === undefined ? {} : { app }),
    lostPartitions: state.lostPartitions,
    preservedPartitions: settled.preserved,
    resumed: state.resumed,
    dryRun: job.dryRun,
  };
  if (job.dryRun) {
    return {
      ...known,
      images: job.images.map((image) => imageResult(image, ranges, atStart, new Map())),
      bytesWritten: 0,
      bytesErased: 0,
      skipped: nothingToDo,
      verified: nothingToDo,
    };
  }
  const pace = access.erasesAhead ? writePace(costs) : undefined;
  if (!nothingToDo) await change(board, job, { work, suspects, pace }, state, { ...deps, journal });
  const digests = nothingToDo ? await digestsFound(ranges, clock) : await verifyRanges(access, ranges, deps);
  journal.clear(mac);
  return {
    ...known,
    images: job.images.map((image) => imageResult(image, ranges, atStart, digests)),
    bytesWritten: state.bytesWritten,
    bytesErased: state.bytesErased,
    skipped: !state.changed,
    verified: access.verifies,
  };
}
