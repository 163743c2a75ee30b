import type { BootState, Pending } from "./boot-state.js";
import { usbGone } from "./reset-cause.js";
import type { ResetCause } from "./reset-cause.js";

/** Resets by cause, in the order of their first one. */
export function countResets(resets: readonly ResetCause[]): { cause: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { words } of resets) counts.set(words, (counts.get(words) ?? 0) + 1);
  return [...counts].map(([cause, count]) => ({ cause, count }));
}

/** Resets behind the one that was asked for. A sleeping app is in good health, however often it wakes up. */
export function furtherResets({ resets }: BootState): readonly ResetCause[] {
  return resets.slice(1).filter(({ kind }) => kind !== "wake");
}

/** Watchdog after watchdog, and nothing was ever loaded: of a blank flash the ROM of the ESP32 says no more. */
function nothingLoaded({ everLoaded, resets }: BootState): boolean {
  const last = resets.at(-1);
  return !everLoaded && last?.kind === "fault" && last !== usbGone;
}

/** The sentences of a board that does not stay up. */
export function loopReason(state: BootState): string {
  const further = furtherResets(state);
  const causes = countResets(further).map(({ cause, count }) => `${cause} (${count}×)`);
  const restarted =
    further.length === 0
      ? "The board starts no app."
      : `The board restarted ${further.length} ${further.length === 1 ? "time" : "times"}: ${causes.join(", ")}.`;
  const failure = state.failure ?? (nothingLoaded(state) ? "The flash holds no bootloader." : undefined);
  return failure === undefined ? restarted : `${restarted} ${failure}`;
}

function silence({ lines, noiseBytes, resets, portGone, attempt }: BootState): string {
  if (portGone) return "The console's port went away and did not come back.";
  if (resets.at(-1) === usbGone) return "The console's port went away and came back, then nothing more came.";
  if (attempt.loaded)
    return "The bootloader was started, then nothing more came: the app hangs, or it logs nothing here.";
  if (resets.length > 0) return "The chip named its reset, then nothing more came.";
  if (noiseBytes > 0) return `The console sent unreadable bytes (${noiseBytes}): perhaps it has another baud rate.`;
  return lines > 0 ? "The console said nothing that an app says." : "The console said nothing.";
}

/** What is known when no more time is left. */
export function verdictAtEnd(state: BootState, atMs: number): Pending {
  const { expected, attempt, failure, pending } = state;
  if (pending !== undefined) return { ...pending, dueMs: atMs };
  if (attempt.appAtMs !== undefined) {
    const missing = expected.patterns[expected.met];
    const reason =
      missing === undefined ? "The app was started." : `The app runs, but "${missing.source}" did not come in time.`;
    return { verdict: "running", reason, dueMs: atMs };
  }
  // That a port goes away once may be the app's doing: it can bring a USB port of its own.
  if (failure !== undefined || furtherResets(state).some((cause) => cause !== usbGone)) {
    return { verdict: "boot-loop", reason: loopReason(state), dueMs: atMs };
  }
  return { verdict: "silent", reason: silence(state), dueMs: atMs };
}
