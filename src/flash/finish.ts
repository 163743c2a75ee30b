import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import { leaveLoader } from "../device/leave-loader.js";
import { hardReset } from "../device/reset.js";
import { isEspressifUsb } from "../device/usb.js";
import type { Transport } from "../transport/transport.js";
import type { AfterMode, FlashJob } from "./job.js";
import type { Progress } from "./progress.js";
import type { OpenBoard } from "./session.js";

/** What to do with the board once it is verified. */
type Ending = "reset" | "stay";

const endings: Readonly<Record<AfterMode, Ending>> = {
  "hard-reset": "reset",
  "watchdog-reset": "reset",
  "soft-reset": "stay",
  "no-reset": "stay",
  "no-reset-stub": "stay",
};

/** Whether the board runs its firmware afterwards. */
export function startsFirmware(after: AfterMode): boolean {
  return endings[after] === "reset";
}

/** Refuses before the first erase what cannot be done after the last write. */
export function checkAfter(job: FlashJob): void {
  if (job.after !== "soft-reset") return;
  throw new FlashError(
    "chip/unsupported",
    "`after: soft-reset` cannot be done: Espressif's stub does not start the firmware. `hard-reset` does it by EN.",
  );
}

/** Called when a board is about to be reset into its firmware, at the console's rate, with what its console depends on. */
export type BeforeReset = (board: { readonly chip: string; readonly crystalMhz: number }) => Promise<void>;

/** Starts the firmware as the job says. Says so where that cannot be done. */
export async function finishBoard(
  transport: Transport,
  board: OpenBoard,
  job: Pick<FlashJob, "after">,
  deps: { readonly progress: Progress; readonly beforeReset?: BeforeReset | undefined },
): Promise<void> {
  const { progress, beforeReset } = deps;
  const { device } = board;
  if (!startsFirmware(job.after)) {
    const loader = device.loader === "stub" ? "stub" : "ROM loader";
    progress.message("info", `The board stays in its ${loader} at ${device.baud} baud.`);
    return;
  }
  const wanted = job.after === "watchdog-reset" ? "watchdog" : "lines";
  const departure = await leaveLoader(device, wanted, async () => {
    // The UART of the firmware speaks at the console's rate, whatever the loader spoke at. A USB port has no rate.
    if (!isEspressifUsb(transport)) await transport.setBaudRate(CONSOLE_BAUD);
    const { chip, identity } = device;
    await beforeReset?.({ chip: chip.name, crystalMhz: identity.crystalMhz });
  });
  if (departure === "no-lines") {
    progress.message(
      "warning",
      `${transport.name} has no reset lines: the board stays in its loader until it is reset.`,
    );
    return;
  }
  if (departure !== wanted) {
    const text =
      departure === "lines"
        ? `${device.chip.label} has no watchdog reset for the loader: reset by EN.`
        : `${device.chip.label} was reset by its watchdog: on this USB port its reset line does not start the firmware.`;
    progress.message("info", text);
  }
}

/** What ROM and ESP-IDF print at. */
const CONSOLE_BAUD = 115_200;

/**
 * Leaves a board after a failure. `running`: nothing was changed, so its firmware starts again. `in-loader`: half of
 * a job must not run. Either way the lines are idle. Never rejects; takes 0.1 s, and as long as `Transport.confirm` waits
 * where the link turns out to be dead.
 */
export async function leaveBoard(
  transport: Transport,
  how: "running" | "in-loader",
  job: Pick<FlashJob, "after" | "before">,
  clock: Clock,
): Promise<void> {
  if (!transport.capabilities.controlLines) return;
  const mayReset = how === "running" && startsFirmware(job.after) && !job.before.startsWith("no-reset");
  try {
    if (mayReset) await hardReset(transport, clock);
    else await transport.setSignals({ dtr: false, rts: false });
  } catch {
    // The link is gone, and its lines with it: the error that led here is the one to tell.
  }
}
