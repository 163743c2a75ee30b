import { createHash } from "node:crypto";
import path from "node:path";
import type { Clock } from "../base/clock.js";
import type { ErrorCode, FlashError } from "../base/errors.js";
import { toFlashError } from "../base/errors.js";
import { readMac } from "../device/read-mac.js";
import { openTransport } from "../open-transport.js";
import { boardHealth, describeWedged, noteJobEnd } from "../ports/board-health.js";
import { claimMac, claimPort } from "../ports/claim.js";
import type { ClaimedPort, ClaimOptions } from "../ports/claim.js";
import { discovery } from "../ports/discovery.js";
import { explainPortError } from "../ports/explain.js";
import { followPort } from "../ports/follow.js";
import { followedTransport } from "../ports/followed-transport.js";
import { rememberBoard } from "../ports/known-boards.js";
import { defaultLockDir, privateLockDir } from "../ports/lock-dir.js";
import { keepForJob } from "../ports/lock-keeper.js";
import type { KeptBoard } from "../ports/lock-keeper.js";
import { jobIdentity } from "../ports/lock-owner.js";
import { lockBoard } from "../ports/lock.js";
import type { BoardLock } from "../ports/lock.js";
import { describePort, lockNameOfPort, lockNameOfUrl } from "../ports/port-info.js";
import type { PortInfo } from "../ports/port-info.js";
import { parsePortSelector } from "../ports/selector.js";
import type { Transport } from "../transport/transport.js";
import type { Cancellation } from "./cancel.js";
import { formatDuration } from "./format.js";
import type { InputValues } from "./input-values.js";
import type { HeldBoard } from "./step-state.js";

/** Which board is wanted, and how it is kept from others. */
export interface ClaimWish extends Pick<
  InputValues,
  "waitForPortMs" | "lock" | "lockTimeoutMs" | "lockDir" | "before" | "resetSequence"
> {
  /** A selector of this machine's ports, or the address of a board elsewhere. */
  readonly port: string;
}

interface ClaimSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The step's time, which does not run while another job has the board. */
  readonly time: Pick<Cancellation, "pause" | "resume">;
  /** Where it is noted which board was met where, and how its last jobs ended. */
  readonly stateDir: string;
  readonly say: (level: "info" | "warning", text: string) => void;
  /** Hears of each board that stays with the job beyond this step, for the `post` step to give back. */
  readonly onKept: (board: KeptBoard) => void;
  /** Hears what is held before it is opened, and whenever that changes. */
  readonly onHeld: (board: HeldBoard) => void;
  /** Hears that the board is given back, and with which error the work on it ended. */
  readonly onReleased: (code: ErrorCode | undefined) => void;
}

/** A board that is this step's until `release`. */
export interface ClaimedBoard {
  /** What it was found at: a device path, or `wish.port` itself. */
  readonly port: string;
  /** The name of its place's lock; absent where the board is nobody else's. */
  readonly lockName?: string;
  /** The transport finds the board again by its place whenever it is opened anew. */
  open(): Promise<Transport>;
  /** Notes whose MAC answers at this port, and takes the lock of that MAC. Throws `lock/timeout`. */
  identified(mac: string): Promise<void>;
  /** Notes how the job ended (`undefined`: well), and ends the step's part of the locks. */
  release(code: ErrorCode | undefined): void;
}

/** How long a port may take to come back after a reset, at each of the times that a job opens it anew. */
const COME_BACK_MS = 2000;
const ASK_ATTEMPTS = 3;

/**
 * Finds the board that `wish.port` names and takes its lock. Throws what `claimPort`, `lockBoard` and `keepForJob` throw.
 * Nothing is opened, but for `mac:` where only the boards themselves can tell.
 */
export async function claimBoard(wish: ClaimWish, surroundings: ClaimSurroundings): Promise<ClaimedBoard> {
  const { env, clock, signal, time, stateDir, say } = surroundings;
  const lockDir = wish.lockDir ?? defaultLockDir(env);
  const hears = { clock, signal, onMessage: onceEach((text) => say("info", text)) };
  const options: ClaimOptions = {
    discover: discovery(async () => (await import("../transport/serial-list.js")).listSerialPorts()),
    stateDir,
    waitForPortMs: wish.waitForPortMs,
    onPortWait: () => say("info", portWaitText(wish.port, wish.waitForPortMs)),
    lock: wish.lock === "off" ? "off" : { lockDir, job: jobIdentity(env), timeoutMs: wish.lockTimeoutMs, onWait },
    clock,
    signal,
    ask: async ({ path: port }) => {
      const transport = await openExplained(port);
      const { before, resetSequence } = wish;
      const how = { before, attempts: ASK_ATTEMPTS, ...(resetSequence && { resetSequence }) };
      return readMac(transport, how, { clock, signal }).finally(() => transport.close());
    },
  };
  const selector = parsePortSelector(wish.port);
  const remoteName = selector ? undefined : lockNameOfRemote(wish.port);

  function onWait(holder: string): void {
    time.pause();
    say("info", `Waiting for the board: it is held by ${holder}`);
  }

  async function openExplained(port: string): Promise<Transport> {
    try {
      return await openTransport(port, hears);
    } catch (thrown) {
      throw selector ? await explainPortError(toFlashError(thrown), port) : thrown;
    }
  }

  async function take(): Promise<ClaimedPort> {
    if (selector) {
      const named = selector.kind === "path" ? selector.path : "/dev/ttyUSB0";
      return claimPort(selector, options).catch(async (thrown: unknown) => {
        throw await explainPortError(toFlashError(thrown), named);
      });
    }
    const port: PortInfo = { path: wish.port, links: [] };
    if (remoteName === undefined || options.lock === "off") return { port, locks: [] };
    return { port, locks: [await lockBoard(remoteName, { ...options.lock, clock, signal })] };
  }

  /** Only where a runner runs `post` steps is there a job that outlives the step. */
  async function keep(locks: readonly BoardLock[]): Promise<void> {
    if (wish.lock !== "job" || !env.GITHUB_RUN_ID) return;
    const script = path.join(import.meta.dirname, "lock-keeper.js");
    for (const lock of locks) {
      // The runner's worker starts the step; in a container it cannot be seen, and 0 says so.
      await keepForJob(lock, { script, jobProcessId: process.ppid, env, beforeStart: surroundings.onKept });
    }
  }

  const privateReason = wish.lock === "off" || remoteNeedsNoLock() ? undefined : privateLockDir(lockDir);
  if (privateReason !== undefined)
    say("warning", `The locks in ${lockDir} keep out the jobs of this place only: ${privateReason}`);

  function remoteNeedsNoLock(): boolean {
    return selector === undefined && remoteName === undefined;
  }

  let claim = await take().finally(() => time.resume());
  const releaseLocks = (): void => [...claim.locks].reverse().forEach((lock) => lock.release());
  await keep(claim.locks).catch((thrown: unknown) => {
    releaseLocks();
    throw thrown;
  });
  let port = claim.port;
  let answeredAs: string | undefined;
  hold();
  const boardName = selector ? lockNameOfPort(port) : remoteName;
  const wedged = boardName === undefined ? undefined : describeWedged(boardHealth(stateDir, boardName));
  if (selector) say("info", `Found ${describePort(port)}`);
  if (wedged !== undefined) say("warning", `${describePort(port)}: ${wedged}`);

  async function openWhereItIs(): Promise<Transport> {
    const now = await followPort(port, options.discover, { timeoutMs: COME_BACK_MS, clock, signal });
    if (now.path !== port.path) say("info", `The board is at ${now.path} now`);
    port = now;
    return openExplained(port.path);
  }

  return {
    get port() {
      return port.path;
    },
    ...(boardName && { lockName: boardName }),
    open: () => followedTransport(openWhereItIs),
    async identified(mac) {
      answeredAs = mac;
      hold();
      if (remoteNeedsNoLock() || wish.port.startsWith("virtual:") || !mac.includes(":")) return;
      tryNoting(() => rememberBoard(stateDir, mac, port));
      const before = claim.locks.length;
      claim = await claimMac(claim, mac, options).finally(() => time.resume());
      hold();
      await keep(claim.locks.slice(before));
    },
    release(code) {
      tryNoting(() => {
        const health = boardName === undefined ? undefined : noteJobEnd(stateDir, boardName, code);
        const now = code === undefined ? undefined : describeWedged(health);
        if (now !== undefined) say("warning", `${describePort(port)}: ${now}`);
      });
      surroundings.onReleased(code);
      releaseLocks();
    },
  };

  function hold(): void {
    const lockNames = claim.locks.map((lock) => lock.name);
    surroundings.onHeld({ port, lockDir, lockNames, ...(answeredAs && { mac: answeredAs }) });
  }

  /** Notes are for the next job: without them this one is no worse. */
  function tryNoting(note: () => void): void {
    try {
      note();
    } catch (thrown) {
      const { message }: FlashError = toFlashError(thrown);
      say("warning", message);
    }
  }
}

/** The lock's name of what is no port of this machine; a virtual board without a file is nobody else's. */
export function lockNameOfRemote(port: string): string | undefined {
  if (!port.startsWith("virtual:")) return lockNameOfUrl(port);
  const file = new URLSearchParams(port.split("?")[1] ?? "").get("flash") ?? "";
  if (file === "") return undefined;
  return `virtual-${createHash("sha256").update(path.resolve(file)).digest("hex").slice(0, 16)}`;
}

/** What the log says while no port fits yet. */
export function portWaitText(port: string, waitForPortMs: number): string {
  return `No port fits ${port} yet: waiting for one, ${formatDuration(waitForPortMs)} at most`;
}

function onceEach(say: (text: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) say(text);
    said.add(text);
  };
}
