import { formatBytes, formatCount, hex32 } from "../base/bytes.js";
import type { FlashError } from "../base/errors.js";
import type { FirmwareSet } from "../firmware/firmware.js";
import type { FlashResult } from "../flash/job.js";
import type { BootReport } from "../monitor/report.js";
import { formatDuration, formatFlashSize, formatRevision } from "./format.js";
import { codeBlock, folded, table } from "./markdown.js";
import type { BoardOutcome } from "./outcome.js";
import { markdownText, plainLines } from "./plain-text.js";
import { totalBytes } from "./result-document.js";

/** What happened and what to do about it. */
export function failureSection(error: FlashError): string {
  const message = plainLines(error.message).map(markdownText).join("<br>");
  return `${message}\n\n**Way out:** ${markdownText(error.hint)}`;
}

function imageTable(result: FlashResult): string {
  const rows = result.images.map((image) => [
    markdownText(image.name),
    hex32(image.offset),
    formatBytes(image.lengthBytes),
    image.writtenBytes === 0 ? "in place" : formatBytes(image.writtenBytes),
    image.md5 ?? "not read",
  ]);
  const written = result.dryRun ? "To write" : "Written";
  return table(["Image", "Offset", "Size", written, "MD5 in the flash"], rows);
}

function remarks(result: FlashResult): string[] {
  const lost = result.lostPartitions.map(markdownText).join(", ");
  const kept = result.preservedPartitions.map(markdownText).join(", ");
  return [
    lost === "" ? "" : `⚠️ Partitions that lost data: ${lost}`,
    kept === "" ? "" : `Partitions that were kept: ${kept}`,
    result.resumed ? "An earlier run had not ended; its sectors were erased anew." : "",
    result.retries > 0 ? `Begun again after trouble: ${result.retries.toString()}×` : "",
  ].filter((remark) => remark !== "");
}

function boardFacts(result: FlashResult): string[][] {
  const { identity, app, flashId } = result;
  const phases = result.phases.map(({ phase, durationMs }) => `${phase} ${formatDuration(durationMs)}`);
  return [
    ["Chip", markdownText(`${identity.packageName} ${formatRevision(identity.revision)}`)],
    ["Flash", `${formatFlashSize(result.flashSizeBytes)} (id ${markdownText(flashId)})`],
    ["Link", `${formatCount(result.baud)} baud, ${formatBytes(result.bytesSent)} sent`],
    ["Erased on request", formatBytes(result.bytesErased)],
    ...(app === undefined ? [] : [["SHA-256 of the app's ELF file", markdownText(app.elfSha256)]]),
    ["Phases", phases.join(", ")],
  ];
}

function firmwareFacts(firmware: FirmwareSet): string[][] {
  const origin = firmware.fromCache ? ", from the cache" : "";
  return [
    ["Firmware", `${markdownText(firmware.name)} (${formatBytes(totalBytes(firmware))}${origin})`],
    ...(firmware.sha256 === undefined ? [] : [["Firmware SHA-256", firmware.sha256]]),
  ];
}

function bootSection({ reason, resets, panic, tail, lines }: BootReport, { error, bootLog }: BoardOutcome): string[] {
  const causes = resets.map(({ cause, count }) => `${markdownText(cause)} (${count}×)`);
  return [
    ...(error?.message === reason ? [] : [`**Boot:** ${markdownText(reason)}`]),
    ...(causes.length === 0 ? [] : [`Resets: ${causes.join(", ")}`]),
    ...(panic.length === 0 ? [] : [codeBlock(panic)]),
    ...(tail.length === 0 ? [] : [folded(`Console: the last ${tail.length} of ${lines} lines`, codeBlock(tail))]),
    ...(bootLog === undefined ? [] : [`The whole log is in ${markdownText(bootLog)}`]),
  ];
}

/** All that there is to tell of one board, in Markdown. */
export function boardSection(board: BoardOutcome): string {
  const { error, result, firmware, boot } = board;
  const facts = [...(result ? boardFacts(result) : []), ...(firmware ? firmwareFacts(firmware) : [])];
  return [
    ...(error === undefined ? [] : [failureSection(error)]),
    ...(result === undefined ? [] : [imageTable(result), ...remarks(result)]),
    ...(boot === undefined ? [] : bootSection(boot, board)),
    ...(facts.length === 0 ? [] : [folded("Chip, link and firmware", table(["Fact", "Value"], facts))]),
  ].join("\n\n");
}
