import type { Clock } from "../base/clock.js";
import { sleep } from "../base/clock.js";
import type { ControlLines, Transport } from "../transport/transport.js";
import type { ResetStep } from "./reset-sequence.js";
import { isEspressifUsb, isUsbJtag } from "./usb.js";

const IDLE: ControlLines = { dtr: false, rts: false };
const BOTH: ControlLines = { dtr: true, rts: true };
const EN_LOW: ControlLines = { dtr: false, rts: true };
const IO0_LOW: ControlLines = { dtr: true, rts: false };

// Steps and pauses, but for the short hold: esptool `reset.py` at v5.3.1.
const HOLD_MS = 100;
/** EN of the chips has to be low for 50 µs (their data sheets); 10 µF behind 1 kΩ are empty by then. */
export const SHORT_HOLD_MS = 50;
/** Time for the chip to start and sample IO0; the longer one is for boards with a large capacitor on EN. */
const SHORT_BOOT_MS = 50;
const LONG_BOOT_MS = 550;

const classic = (holdMs: number, bootMs: number): readonly ResetStep[] => [EN_LOW, holdMs, IO0_LOW, bootMs, IDLE];
/** Never has both transistors of the circuit off between EN low and IO0 low, so that IO0 is low when EN rises. */
const tight = (holdMs: number, bootMs: number): readonly ResetStep[] => [IDLE, BOTH, ...classic(holdMs, bootMs)];

const STEPS = {
  tight: tight(SHORT_HOLD_MS, SHORT_BOOT_MS),
  tightLong: tight(HOLD_MS, LONG_BOOT_MS),
  classic: classic(SHORT_HOLD_MS, SHORT_BOOT_MS),
  classicLong: classic(HOLD_MS, LONG_BOOT_MS),
  /** USB-Serial/JTAG: goes through both asserted, not through idle. */
  usbJtag: [IDLE, HOLD_MS, IO0_LOW, HOLD_MS, BOTH, EN_LOW, HOLD_MS, IDLE],
  usbHardReset: [EN_LOW, 2 * HOLD_MS, IDLE, 2 * HOLD_MS],
} as const satisfies Record<string, readonly ResetStep[]>;

export type ResetName = keyof typeof STEPS;

/** The strategies into the loader, in the order in which attempts cycle through them (esptool `loader.py` l.720-900). */
export function loaderResets(transport: Transport, usbReset: boolean): readonly ResetName[] {
  if (usbReset || isUsbJtag(transport)) return ["usbJtag"];
  if (transport.capabilities.atomicLines) return ["tight", "tightLong", "classic", "classicLong"];
  return ["classic", "classicLong"];
}

/**
 * Walks through the steps. A pause begins when the lines have surely been set, as far as that can be known. If a step fails,
 * the lines end idle: a chip held in reset would look dead.
 */
export async function runResetSteps(
  transport: Transport,
  steps: readonly ResetStep[],
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  try {
    for (const step of steps) {
      if (typeof step !== "number") {
        await transport.setSignals(step);
        continue;
      }
      await transport.confirm();
      await sleep(clock, step, signal);
    }
  } catch (error) {
    await transport.setSignals(IDLE).catch(() => undefined);
    throw error;
  }
}

/** One of the usual sequences. */
export function resetSteps(name: ResetName): readonly ResetStep[] {
  return STEPS[name];
}

/** A sequence into the loader that holds EN low for `SHORT_HOLD_MS` only. */
export function isShortHold(steps: readonly ResetStep[]): boolean {
  return steps === STEPS.tight || steps === STEPS.classic;
}

/** How a board is reset by its lines alone, whatever its chip is doing: usual ways by name, or steps of its own kind. */
export type LineReset = "rts" | "usb" | readonly ResetStep[];

/** Resets by the lines. They are idle afterwards, whatever the steps say; as far as can be known, the reset has arrived. */
export async function resetByLines(
  transport: Transport,
  way: LineReset,
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  if (way === "rts") return hardReset(transport, clock, signal);
  await runResetSteps(transport, [...(way === "usb" ? STEPS.usbHardReset : way), IDLE], clock, signal);
  await transport.confirm();
}

/**
 * Starts the firmware: EN low and high again with IO0 left high. A chip's own USB port gets twice the time. Rejects with
 * `port/lost`, too, where the link turns out to be dead: a board that hangs in reset must not be called started. `holdMs`
 * may be shorter only where the chip's boot log has shown that it is enough: nothing answers this reset.
 */
export async function hardReset(
  transport: Transport,
  clock: Clock,
  signal?: AbortSignal,
  holdMs: number = HOLD_MS,
): Promise<void> {
  const steps = isEspressifUsb(transport) ? STEPS.usbHardReset : [EN_LOW, holdMs, IDLE];
  await runResetSteps(transport, steps, clock, signal);
  await transport.confirm();
}
