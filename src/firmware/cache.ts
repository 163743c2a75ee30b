import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFile, find } from "@actions/tool-cache";
import { errorCatalogue } from "../base/error-catalogue.js";
import { withLock } from "./cache-lock.js";
import { sha256Of } from "./digest.js";
import type { FirmwareDeps } from "./source.js";
import { readUrlRecord, writeUrlRecord } from "./url-record.js";
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

/**
 * The digest stands in the tool's name: tool-cache cuts a version down to what semver knows, so that all firmware
 * would share one slot. The bytes are the same for every architecture.
 */
const slot = { folder: "esp32-firmware", version: "1.0.0", arch: "any", file: "firmware.bin" } as const;

export function openCache(deps: FirmwareDeps): FirmwareCache {
  const root = process.env.RUNNER_TOOL_CACHE ?? "";
  const folder = join(root, slot.folder);
  const lockPath = (sha256: string): string => join(folder, "locks", sha256);

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
        `The firmware cache cannot be used: ${reason}. The job goes on without it. ${errorCatalogue["firmware/cache"].hint}`,
      );
      return undefined;
    }
  }

  return {
    find: (sha256) =>
      guarded(async () => {
        const entry = await readEntry(sha256, deps);
        if (entry === "damaged") {
          deps.onMessage(`The cached firmware ${sha256} is damaged: it is thrown away and fetched anew.`);
          await withLock(lockPath(sha256), deps, () => discardDamaged(sha256, deps));
        }
        return entry instanceof Uint8Array ? entry : undefined;
      }),
    enter: async (sha256, bytes) => {
      await guarded(() =>
        withLock(lockPath(sha256), deps, async () => {
          // Another job may have entered it meanwhile, and tool-cache would take it away under its readers.
          if ((await readEntry(sha256, deps)) instanceof Uint8Array) return;
          await stageAndEnter(sha256, bytes);
        }),
      );
    },
    recall: (url) => guarded(() => readUrlRecord(folder, url)),
    remember: async (url, record) => {
      await guarded(() => writeUrlRecord(folder, url, record));
    },
  };
}

function toolName(sha256: string): string {
  return join(slot.folder, sha256);
}

async function readEntry(sha256: string, deps: FirmwareDeps): Promise<Uint8Array | "absent" | "damaged"> {
  const directory = find(toolName(sha256), slot.version, slot.arch);
  if (directory === "") return "absent";
  const bytes = await readFile(join(directory, slot.file)).catch(() => undefined);
  return bytes !== undefined && (await sha256Of(bytes, deps.clock)) === sha256 ? bytes : "damaged";
}

async function discardDamaged(sha256: string, deps: FirmwareDeps): Promise<void> {
  if ((await readEntry(sha256, deps)) !== "damaged") return;
  const directory = find(toolName(sha256), slot.version, slot.arch);
  await rm(`${directory}.complete`, { force: true });
  await rm(directory, { recursive: true, force: true });
}

async function stageAndEnter(sha256: string, bytes: Uint8Array): Promise<void> {
  const staging = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), "esp32-firmware-"));
  try {
    const staged = join(staging, slot.file);
    await writeFile(staged, bytes);
    await cacheFile(staged, slot.file, toolName(sha256), slot.version, slot.arch);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
