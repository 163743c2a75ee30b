import type { AppStart } from "./app-start.js";
import type { ResetCause } from "./boot-log.js";
import type { Machine } from "./machine.js";
import { noiseBytes } from "./noise.js";
import { abortText, brownoutText, panicText } from "./panic-text.js";
import { hang, nextFrame, pause, resetBy } from "./program.js";
import type { Program } from "./program.js";
import type { Step } from "./script.js";
import { timing } from "./timing.js";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** Takes one step; ends with the cause of the reset that it led to, if it did. */
function* take(machine: Machine, start: AppStart, step: Step): Program<ResetCause | undefined> {
  const { silicon } = machine;
  switch (step.kind) {
    case "write":
      machine.print(Buffer.from(step.text, "utf8").toString("latin1"));
      return undefined;
    case "noise":
      machine.print(text(noiseBytes(step.lengthBytes, step.lengthBytes, 0)));
      return undefined;
    case "baud":
      machine.setBaud(step.baud);
      return undefined;
    case "wait":
      yield* pause(step.durationMs);
      return undefined;
    case "usb-leave":
      // The host fetches what was said before.
      yield* pause(timing.restartMs);
      machine.leaveUsb(step.durationMs);
      return undefined;
    case "reset":
      return yield* resetBy(step.cause, timing.restartMs);
    case "panic":
      machine.print(panicText(silicon, start, step.reason));
      return yield* resetBy("restart", timing.restartMs);
    case "abort":
      machine.print(abortText(silicon, start));
      return yield* resetBy("restart", timing.restartMs);
    case "brownout":
      machine.print(brownoutText);
      return yield* resetBy("software", timing.restartMs);
    case "sleep":
      yield* pause(timing.restartMs);
      machine.leaveUsb(step.durationMs + timing.usbEnumerationMs);
      yield* pause(step.durationMs);
      return "deep-sleep";
    case "hang":
      return yield* hang();
    case "on":
    case "echo":
      return undefined;
  }
}

/** Takes all steps, then answers the host; ends with the cause of the next reset. */
export function* runScript(machine: Machine, start: AppStart, steps: readonly Step[]): Program<ResetCause> {
  machine.enter("app");
  for (const step of steps) {
    const cause = yield* take(machine, start, step);
    if (cause !== undefined) return cause;
  }
  const echoes = steps.some(({ kind }) => kind === "echo");
  while (true) {
    const line = text(yield* nextFrame());
    if (echoes) machine.print(`${line}\r\n`);
    for (const step of steps) {
      if (step.kind !== "on" || step.line !== Buffer.from(line, "latin1").toString("utf8")) continue;
      const cause = yield* take(machine, start, step.step);
      if (cause !== undefined) return cause;
    }
  }
}
