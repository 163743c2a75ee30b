import { join } from "node:path";
import { discardEntry, readEntry, writeEntry } from "./cache-entry.js";
import type { EntryPlace } from "./cache-entry.js";
import { entriesTooMany, removeOldRecords } from "./cache-limit.js";
import { withLock } from "./cache-lock.js";
import type { FirmwareDeps } from "./source.js";
import { readUrlRecord, recordsFolder, writeUrlRecord } from "./url-record.js";
import type { UrlRecord } from "./url-record.js";

/**
 * Firmware of earlier runs. Where the cache cannot be used, it tells why through `onMessage` once, then finds nothing
 * and keeps nothing; only an aborted signal throws.
 */
export interface FirmwareCache {
  /** Bytes with this digest, hashed anew; what does not fit its digest any more is thrown away. */
  find(sha256: string): Promise<Uint8Array | undefined>;
  enter(sha256: string, bytes: Uint8Array): Promise<void>;
  /** What a URL delivered last. */
  recall(url: URL): Promise<UrlRecord | undefined>;
  remember(url: URL, record: UrlRecord): Promise<void>;
}

/** The name of our tool in the tool cache. */
const tool = "esp32-firmware";

export function openCache(deps: FirmwareDeps): FirmwareCache {
  const root = process.env.RUNNER_TOOL_CACHE ?? "";
  const folder = join(root, tool);
  const placeOf = (sha256: string): EntryPlace => ({ root, folder: tool, sha256 });
  const locked = (sha256: string, work: () => Promise<void>): Promise<void> =>
    withLock(join(folder, "locks", sha256), deps, work);

  let isUsable = true;

  async function guarded<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (!isUsable) return undefined;
    try {
      if (root === "") throw new Error("RUNNER_TOOL_CACHE is not set");
      return await work();
    } catch (error) {
      deps.signal.throwIfAborted();
      isUsable = false;
      const reason = error instanceof Error ? error.message : String(error);
      deps.onMessage(
        "warning",
        `The firmware cache cannot be used: ${reason}. The job goes on without it. ` +
          "Check that RUNNER_TOOL_CACHE and RUNNER_TEMP are set, writable and have room.",
      );
      return undefined;
    }
  }

  async function makeRoom(): Promise<void> {
    for (const sha256 of await entriesTooMany(root, tool)) {
      await locked(sha256, () => discardEntry(placeOf(sha256)));
    }
    await removeOldRecords(recordsFolder(folder));
  }

  return {
    find: (sha256) =>
      guarded(async () => {
        const entry = await readEntry(placeOf(sha256), deps.clock);
        if (entry !== "damaged") return entry === "absent" ? undefined : entry;
        deps.onMessage("warning", `The cached firmware ${sha256} is damaged: it is thrown away and fetched anew.`);
        await locked(sha256, async () => {
          if ((await readEntry(placeOf(sha256), deps.clock)) === "damaged") await discardEntry(placeOf(sha256));
        });
        return undefined;
      }),
    enter: async (sha256, bytes) => {
      await guarded(async () => {
        await locked(sha256, async () => {
          // Another job may have entered it meanwhile, and tool-cache would take it away under its readers.
          if ((await readEntry(placeOf(sha256), deps.clock)) instanceof Uint8Array) return;
          await writeEntry(placeOf(sha256), bytes);
        });
        await makeRoom();
      });
    },
    recall: (url) => guarded(() => Promise.resolve(readUrlRecord(folder, url))),
    remember: async (url, record) => {
      await guarded(() => writeUrlRecord(folder, url, record));
    },
  };
}
