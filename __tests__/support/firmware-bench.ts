import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Clock } from "../../src/base/clock.js";
import { FlashError } from "../../src/base/errors.js";
import type { FirmwareRequest, FirmwareSet } from "../../src/firmware/firmware.js";
import { resolveFirmware } from "../../src/firmware/firmware.js";
import type { FileRequest, FirmwareDeps, FirmwareFile } from "../../src/firmware/source.js";
import { loadFile } from "../../src/firmware/sources.js";
import { FastClock } from "./fast-clock.js";
import { startHttpServer } from "./http-server.js";
import type { TestServer } from "./http-server.js";

/** An empty workspace, an empty tool cache and what was said while firmware was fetched. */
export interface FirmwareBench {
  readonly workspace: string;
  readonly toolCache: string;
  readonly clock: FastClock;
  readonly messages: string[];
  serve(handle: RequestListener, address?: string): Promise<TestServer>;
  /** One file, as it lies in its place. */
  resolve(request: Partial<FileRequest>, deps?: { clock?: Clock; signal?: AbortSignal }): Promise<FirmwareFile>;
  /** The error that this request must end with. */
  fail(request: Partial<FileRequest>, deps?: { clock?: Clock; signal?: AbortSignal }): Promise<FlashError>;
  /** All that a location leads to, or that `items` name. */
  resolveSet(location: string, request?: Partial<FirmwareRequest>): Promise<FirmwareSet>;
  failSet(location: string, request?: Partial<FirmwareRequest>): Promise<FlashError>;
  /** Writes a file into the workspace, with the folders above it, and gives its path. */
  put(path: string, content: string | Uint8Array): string;
  dispose(): Promise<void>;
}

export function openFirmwareBench(): FirmwareBench {
  const root = mkdtempSync(join(tmpdir(), "firmware-bench-"));
  const [workspace, toolCache, temp] = ["workspace", "tool-cache", "temp"].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  [workspace, toolCache, temp].forEach((directory) => mkdirSync(directory));
  const saved = { RUNNER_TOOL_CACHE: process.env.RUNNER_TOOL_CACHE, RUNNER_TEMP: process.env.RUNNER_TEMP };
  Object.assign(process.env, { RUNNER_TOOL_CACHE: toolCache, RUNNER_TEMP: temp });

  const unmute = muteDebugCommands();
  const servers: TestServer[] = [];
  const context = { input: "firmware-url", workspace, github: { apiUrl: "http://127.0.0.1:1" } } as const;
  const depsWith = (changes: { clock?: Clock; signal?: AbortSignal } = {}): FirmwareDeps => ({
    clock: changes.clock ?? bench.clock,
    signal: changes.signal ?? new AbortController().signal,
    onMessage: (_, text) => bench.messages.push(text),
  });
  const bench: FirmwareBench = {
    workspace,
    toolCache,
    clock: new FastClock(),
    messages: [],
    async serve(handle, address) {
      const server = await startHttpServer(handle, address);
      servers.push(server);
      return server;
    },
    resolve: (request, changes) =>
      loadFile({ ...context, location: "firmware.bin", purpose: "image", ...request }, depsWith(changes)),
    fail: (request, changes) => errorOf(bench.resolve(request, changes)),
    resolveSet: (location, request = {}) =>
      resolveFirmware({ ...context, items: [{ location }], chip: undefined, ...request }, depsWith()),
    failSet: (location, request) => errorOf(bench.resolveSet(location, request)),
    put(path, content) {
      const whole = join(workspace, path);
      mkdirSync(dirname(whole), { recursive: true });
      writeFileSync(whole, content);
      return whole;
    },
    async dispose() {
      await Promise.all(servers.map((server) => server.close()));
      unmute();
      const leftBehind = readdirSync(temp);
      rmSync(root, { recursive: true, force: true });
      for (const [name, value] of Object.entries(saved)) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      expect(leftBehind).toEqual([]);
    },
  };
  return bench;
}

async function errorOf(work: Promise<unknown>): Promise<FlashError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof FlashError) return outcome;
  throw new Error(`expected a FlashError, got ${String(outcome)}`);
}

/** tool-cache writes `::debug::` lines, which only a runner hides. */
function muteDebugCommands(): () => void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: string | Uint8Array): boolean => String(chunk).startsWith("::debug::") || write(chunk);
  return () => {
    process.stdout.write = write;
  };
}

/** Bytes that look like no text: the first byte of an Espressif image, then noise. */
export function makeFirmware(lengthBytes = 5000): Buffer {
  return Buffer.concat([Buffer.of(0xe9, 0x02), randomBytes(lengthBytes - 2)]);
}

export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
