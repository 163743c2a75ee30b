import type { Clock } from "../base/clock.js";
import { scheduleDeadline } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { TransportListener } from "./transport.js";

/** What every wired transport shares: who listens, whether the link stands, and whom to tell when it breaks. */
export interface Link {
  subscribe(listener: TransportListener): () => void;
  /** Hands bytes to the listeners, as long as the link stands. */
  data(bytes: Uint8Array): void;
  /** The link stands (again). */
  opened(): void;
  /** The link broke: rejects what waits and tells the listeners. Only the first call after `opened` counts. */
  lost(why: string, cause?: unknown): void;
  /** The link was closed on request: rejects what waits and tells nobody. */
  ended(): void;
  /** Runs one operation; rejects with `port/lost` without starting it, or in the midst of it, once the link is down. */
  guard<T>(operation: () => Promise<T>): Promise<T>;
  readonly isUp: boolean;
}

/** What a stuck far end gets beyond the time on the wire (esptool `loader.py` at bb72741: 10 s a write). */
const STUCK_MS = 10_000;

/**
 * `operation` sends `lengthBytes`, or waits until they have left. As `guard`; a far end that takes them in no time that the
 * wire at `baud` could need makes the link lost.
 */
export function guardSending(
  link: Link,
  clock: Clock,
  { lengthBytes, baud }: { readonly lengthBytes: number; readonly baud: number },
  operation: () => Promise<void>,
): Promise<void> {
  const timeoutMs = STUCK_MS + Math.ceil((lengthBytes * 10_000) / baud);
  let stopTimer = (): void => undefined;
  return link
    .guard(() => {
      const seconds = (timeoutMs / 1000).toFixed(1);
      stopTimer = scheduleDeadline(clock, timeoutMs, () => link.lost(`it took no bytes for ${seconds} s`));
      return operation();
    })
    .finally(() => stopTimer());
}

/** A link that is down until `opened`. `name` is the port's, for messages. */
export function createLink(name: string): Link {
  const listeners = new Set<TransportListener>();
  const waiting = new Set<(reason: FlashError) => void>();
  let down: FlashError | undefined = new FlashError("port/lost", `${name} is not open`, { port: name });

  function takeDown(reason: FlashError): void {
    down = reason;
    for (const reject of waiting) reject(reason);
    waiting.clear();
  }

  return {
    get isUp() {
      return down === undefined;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    data(bytes) {
      if (down !== undefined) return;
      for (const listener of [...listeners]) listener.data(bytes);
    },
    opened() {
      down = undefined;
    },
    lost(why, cause) {
      if (down !== undefined) return;
      const reason = new FlashError("port/lost", `${name} was lost: ${why}`, { port: name }, cause);
      takeDown(reason);
      for (const listener of [...listeners]) listener.closed(reason);
    },
    ended() {
      takeDown(new FlashError("port/lost", `${name} is closed`, { port: name }));
    },
    guard(operation) {
      return new Promise((resolve, reject) => {
        if (down !== undefined) {
          reject(down);
          return;
        }
        waiting.add(reject);
        const settled = (): unknown => waiting.delete(reject);
        operation().then(resolve, reject).finally(settled);
      });
    },
  };
}
