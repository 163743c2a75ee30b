import type { Clock } from "../base/clock.js";
import { sleep } from "../base/clock.js";
import { FlashError, hasCode } from "../base/errors.js";
import type { Discover } from "./discovery.js";
import type { PortInfo } from "./port-info.js";
import { describePort, usbIds } from "./port-info.js";
import { isNative } from "./usb-bridges.js";

interface WaitOptions {
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hears once that there is something to wait for. */
  readonly onWait?: () => void;
}

/** A device is ready some 100 ms after it was plugged in; looking costs a few reads of /sys. */
const POLL_MS = 100;

/**
 * Looks again and again until `look` no longer says `port/not-found`. Rejects with that when `timeoutMs` are over, with
 * any other error of `look` at once, and with the signal's reason.
 */
export async function waitForPort<T>(look: () => Promise<T>, options: WaitOptions): Promise<T> {
  const { timeoutMs, clock, signal } = options;
  const startedMs = clock.nowMs();
  let { onWait } = options;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await look();
    } catch (thrown) {
      if (!hasCode(thrown, "port/not-found")) throw thrown;
      if (clock.nowMs() - startedMs >= timeoutMs) throw timeoutMs > 0 ? afterWait(thrown, timeoutMs) : thrown;
    }
    onWait?.();
    onWait = undefined;
    await sleep(clock, POLL_MS, signal);
  }
}

function afterWait(error: FlashError, timeoutMs: number): FlashError {
  return new FlashError(error.code, `${error.message} (waited ${timeoutMs / 1000} s)`, error.details, error);
}

/**
 * Finds the port of a board again after a reset: by its USB place, whatever number, ids or mode it has now. A port without
 * a place is where it was. Throws `port/not-found` after `timeoutMs`, `port/other-board` when another board is there.
 */
export async function followPort(before: PortInfo, discover: Discover, options: WaitOptions): Promise<PortInfo> {
  if (before.usb?.location === undefined) return before;
  return waitForPort(async () => portAtPlace(before, await discover()), options);
}

/** The port among `ports` at which the board of `before` is now. Throws `port/not-found`, `port/other-board`. */
export function portAtPlace(before: PortInfo, ports: readonly PortInfo[]): PortInfo {
  const location = before.usb?.location;
  const there = ports.filter(({ usb }) => location !== undefined && usb?.location === location);
  const now = there.find(({ usb }) => usb?.interface === before.usb?.interface) ?? there[0];
  if (now === undefined) {
    const message = `${describePort(before)} is gone: there is no port at USB place ${location ?? "unknown"} now`;
    throw new FlashError("port/not-found", message, { port: before.path });
  }
  if (mayBeSame(before, now)) return now;
  const message = `at USB place ${location ?? "unknown"} was ${describePort(before)}; now it is ${describePort(now)}`;
  throw new FlashError("port/other-board", message, { port: now.path });
}

/** A bridge has its ids and serial number for good; a chip with USB of its own changes both between its firmware and its ROM. */
function mayBeSame(before: PortInfo, now: PortInfo): boolean {
  const [was, is] = [before.usb, now.usb];
  if (was === undefined || is === undefined) return false;
  if (before.macFromUsb && now.macFromUsb) return before.macFromUsb === now.macFromUsb;
  if (usbIds(was) === usbIds(is)) return was.serial === is.serial;
  return isNative(was.vendorId) || isNative(is.vendorId);
}
