import { getInput, info } from "@actions/core";
import { systemClock } from "../base/clock.js";
import type { Clock } from "../base/clock.js";
import { redactUrl } from "../firmware/url.js";
import type { Host } from "./host.js";
import { plainLine } from "./plain-text.js";
import { maskSecrets } from "./secrets.js";

function boardsText(port: string): string {
  if (port === "") return "no board";
  return /[\r\n]|^every:/.test(port) ? "several boards" : `the board at ${port}`;
}

/** What is asked for, as it is written: whether it makes sense is found out behind this line. */
function firstLine(): string {
  const firmware = getInput("firmware-url");
  const several = getInput("files") !== "" || getInput("firmware-map") !== "";
  const what = firmware !== "" ? redactUrl(firmware) : several ? "several files" : "no firmware";
  return `Flash ${what} onto ${boardsText(getInput("port"))}`;
}

/**
 * Runs the step: masks secrets, says what it is about to do, and loads all the rest only then, so that the first line
 * comes at once.
 */
export async function run(host: Host = process, clock: Clock = systemClock): Promise<void> {
  const startedMs = clock.nowMs();
  maskSecrets();
  info(plainLine(redactUrl(firstLine())));
  const { flashStep } = await import("./flash-step.js");
  await flashStep(host, clock, startedMs);
}
