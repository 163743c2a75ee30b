import { formatBytes, hex32 } from "../base/bytes.js";
import type { FlashError } from "../base/errors.js";
import type { FlashResult } from "../flash/job.js";
import { formatDuration, formatFlashSize, formatRevision, formatSeconds } from "./format.js";
import { failuresOf, soleBoard } from "./outcome.js";
import type { StepOutcome } from "./outcome.js";
import { totalBytes } from "./outputs.js";
import { markdownText, plainLines } from "./plain-text.js";

/** Cells are Markdown already; texts from outside have gone through `markdownText`. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function heading(outcome: StepOutcome): string {
  const [error] = failuresOf(outcome);
  const result = soleBoard(outcome)?.result;
  if (error !== undefined) return `### ❌ ESP32 flash failed: ${error.code}`;
  if (result?.dryRun) return "### 🔍 ESP32 dry run: nothing was changed";
  const proof = result?.verified ? "verified" : "not verified";
  return result?.skipped ? `### ✅ ESP32 already up to date, ${proof}` : `### ✅ ESP32 flashed, ${proof}`;
}

function failureSection(error: FlashError): string {
  const message = plainLines(error.message).map(markdownText).join("<br>");
  return `${message}\n\n**Way out:** ${markdownText(error.hint)}`;
}

function boardFacts(outcome: StepOutcome): string {
  const { result, port, name, firmware } = soleBoard(outcome) ?? {};
  const rows: string[][] = [];
  const place = port ?? name;
  if (place !== undefined) rows.push(["Port", markdownText(place)]);
  if (result !== undefined) {
    const { identity } = result;
    rows.push(["Chip", markdownText(`${identity.packageName} ${formatRevision(identity.revision)}`)]);
    rows.push(["MAC", identity.mac]);
    rows.push(["Flash", `${formatFlashSize(result.flashSizeBytes)} (id ${markdownText(result.flashId)})`]);
    rows.push(["Link", `${result.baud.toLocaleString("en-US")} baud, ${formatBytes(result.bytesSent)} sent`]);
    rows.push(["Erased on request", formatBytes(result.bytesErased)]);
    const { app } = result;
    if (app !== undefined) rows.push(["App", markdownText(`${app.project} ${app.version}`)]);
  }
  if (firmware !== undefined) {
    const origin = firmware.fromCache ? ", from the cache" : "";
    rows.push(["Firmware", `${markdownText(firmware.name)} (${formatBytes(totalBytes(firmware))}${origin})`]);
    if (firmware.sha256 !== undefined) rows.push(["Firmware SHA-256", firmware.sha256]);
  }
  rows.push(["Duration", `${formatSeconds(outcome.durationMs)} s`]);
  return table(["Fact", "Value"], rows);
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

function phaseTable(result: FlashResult): string {
  return table(
    ["Phase", "Time"],
    result.phases.map(({ phase, durationMs }) => [phase, formatDuration(durationMs)]),
  );
}

/** The job summary of the step as Markdown, in which no text from outside is taken for markup. */
export function summaryMarkdown(outcome: StepOutcome): string {
  const [error] = failuresOf(outcome);
  const result = soleBoard(outcome)?.result;
  const sections = [heading(outcome)];
  if (error !== undefined) sections.push(failureSection(error));
  if (result !== undefined) sections.push(imageTable(result), ...remarks(result));
  sections.push(boardFacts(outcome));
  if (result !== undefined) sections.push(phaseTable(result));
  return `${sections.join("\n\n")}\n`;
}
