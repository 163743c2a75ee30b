import type * as core from "@actions/core";
import type { ErrorDetails, FlashError } from "../base/errors.js";
import { plainLine, plainLines } from "./plain-text.js";

/** The part of `@actions/core` that tells a failure. */
export type FailureLog = Pick<typeof core, "info" | "error" | "startGroup" | "endGroup">;

/** The runner cuts an annotation at 4096 characters (actions/runner, ExecutionContext.cs); the hint has to fit. */
const LONGEST_MESSAGE = 3000;
const MOST_CAUSES = 5;

function shortened(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}

/** Messages of the chain of causes, without those that only say the same again. */
function causesOf(error: FlashError): string[] {
  const messages: string[] = [];
  let cause: unknown = error.cause;
  while (cause instanceof Error && messages.length < MOST_CAUSES) {
    if (cause.message !== "" && !error.message.includes(cause.message)) messages.push(cause.message);
    cause = cause.cause;
  }
  return messages;
}

/** One line for each fact that an error carries; a list has a line for each of its items, and none if it is empty. */
function detailLines(details: ErrorDetails): string[] {
  return Object.entries(details).flatMap(([name, value]) => {
    if (typeof value !== "object") return [`${name}: ${value.toString()}`];
    return value.length === 0 ? [] : [`${name}:`, ...value.map((item) => `  ${item}`)];
  });
}

function stackLines(error: FlashError): string[] {
  if (error.code !== "internal/unexpected") return [];
  const { stack } = error.cause instanceof Error ? error.cause : error;
  return stack?.split("\n") ?? [];
}

/** The text of the annotation: what happened, why, and the way out. */
export function failureText(error: FlashError): string {
  const causes = causesOf(error).map((message) => `Cause: ${message}`);
  const lines = [error.message, ...causes].flatMap(plainLines);
  return `${shortened(lines.join("\n"))}\nWay out: ${error.hint}`;
}

/** Tells an error: a group with its details, then the step's one annotation. */
export function reportFailure(log: FailureLog, error: FlashError): void {
  const lines = [...detailLines(error.details), ...stackLines(error)];
  if (lines.length > 0) {
    log.startGroup("Details of the error");
    lines.flatMap(plainLines).forEach((line) => log.info(line));
    log.endGroup();
  }
  log.error(failureText(error), { title: plainLine(`ESP32 flash: ${error.code}`) });
}
