import type { FlashError } from "../base/errors.js";
import type { FirmwareSet } from "../firmware/firmware.js";
import type { FlashResult } from "../flash/job.js";
import type { BootReport } from "../monitor/report.js";
import { formatRevision } from "./format.js";
import { failuresOf } from "./outcome.js";
import type { BoardOutcome, StepOutcome } from "./outcome.js";

/**
 * The output `result`, in the shape that `docs/result.schema.json` publishes; what is not known is left out. `error` is
 * the first of all.
 */
export function resultDocument(outcome: StepOutcome): object {
  const [error] = failuresOf(outcome);
  return {
    ok: error === undefined,
    durationMs: Math.round(outcome.durationMs),
    error: error && errorDocument(error),
    boards: outcome.boards.map(boardDocument),
  };
}

/** One entry of `boards`. `ok`: the board is as it was asked for. */
export function boardDocument({ error, firmware, result, boot, ...board }: BoardOutcome): object {
  return {
    name: board.name,
    port: board.port,
    ok: error === undefined && (result !== undefined || board.leftAlone === true),
    durationMs: Math.round(board.durationMs),
    leftAlone: board.leftAlone ?? false,
    error: error && errorDocument(error),
    firmware: firmware && firmwareDocument(firmware),
    board: result && identityDocument(result),
    flash: result && flashDocument(result),
    boot: boot && bootDocument(boot, board.bootLog),
  };
}

function errorDocument({ code, message, hint, details }: FlashError): object {
  return { code, message, hint, details };
}

function firmwareDocument(firmware: FirmwareSet): object {
  return {
    name: firmware.name,
    lengthBytes: totalBytes(firmware),
    sha256: firmware.sha256,
    source: firmware.source,
    fromCache: firmware.fromCache,
    downloadedBytes: firmware.downloadedBytes,
  };
}

function identityDocument({ chip, identity, flashId, flashSizeBytes }: FlashResult): object {
  return {
    chip,
    package: identity.packageName,
    revision: formatRevision(identity.revision),
    mac: identity.mac,
    features: identity.features,
    crystalMhz: identity.crystalMhz,
    flashId,
    flashSizeBytes,
  };
}

function flashDocument(result: FlashResult): object {
  return {
    baud: result.baud,
    images: result.images,
    app: result.app,
    bytesWritten: result.bytesWritten,
    bytesErased: result.bytesErased,
    bytesSent: result.bytesSent,
    bytesInPlace: result.bytesInPlace,
    bytesToChange: result.bytesToChange,
    skipped: result.skipped,
    verified: result.verified,
    dryRun: result.dryRun,
    lostPartitions: result.lostPartitions,
    preservedPartitions: result.preservedPartitions,
    resumed: result.resumed,
    retries: result.retries,
    phases: result.phases.map(({ phase, durationMs }) => ({ phase, durationMs: Math.round(durationMs) })),
  };
}

function bootDocument(boot: BootReport, log: string | undefined): object {
  return {
    verdict: boot.verdict,
    reason: boot.reason,
    durationMs: Math.round(boot.durationMs),
    resets: boot.resets,
    app: boot.app,
    panic: boot.panic,
    matched: boot.matched,
    missing: boot.missing,
    lines: boot.lines,
    log,
  };
}

/** Of all parts that are flashed. */
export function totalBytes(firmware: FirmwareSet): number {
  return firmware.parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
