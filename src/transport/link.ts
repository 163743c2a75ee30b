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
