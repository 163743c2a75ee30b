import type { Clock } from "../base/clock.js";
import { FlashError, hasCode } from "../base/errors.js";
import type { Discover } from "./discovery.js";
import { portAtPlace, waitForPort } from "./follow.js";
import { knownBoards, rememberBoard } from "./known-boards.js";
import type { BoardLock, LockOptions } from "./lock.js";
import { lockBoard } from "./lock.js";
import type { PortInfo } from "./port-info.js";
import { describePort, lockNameOfMac, lockNameOfPort } from "./port-info.js";
import type { Selection } from "./select.js";
import { selectPort } from "./select.js";
import type { PortSelector } from "./selector.js";

export interface ClaimOptions {
  readonly discover: Discover;
  /** Where it is noted which board was met at which port. */
  readonly stateDir: string;
  /** How long to wait for a port that fits; 0 looks once. */
  readonly waitForPortMs: number;
  /** Hears once that no port fits yet, and that one is waited for. */
  readonly onPortWait?: () => void;
  /** `off` only where something else keeps other jobs away. */
  readonly lock: "off" | Omit<LockOptions, "clock" | "signal">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * Opens the port, reads the chip's MAC, lets the firmware start again and closes. Called for `mac:` only, when nothing else
   * tells where the board is, and only under the port's lock.
   */
  readonly ask: (port: PortInfo) => Promise<string>;
}

/** A port that nobody else works on, until its locks are released. */
export interface ClaimedPort {
  readonly port: PortInfo;
  /** The lock of the place, and that of the MAC where it is known; none with `lock: off`. */
  readonly locks: readonly BoardLock[];
}

/**
 * Finds the one port that is meant and takes its lock; what `selectPort`, `waitForPort` and `lockBoard` throw. While it
 * waits for the lock, ports may change: it is the port as it is once the lock is held.
 */
export async function claimPort(selector: PortSelector, options: ClaimOptions): Promise<ClaimedPort> {
  const { discover, stateDir, waitForPortMs, clock, signal, onPortWait } = options;
  const wait = { timeoutMs: waitForPortMs, clock, signal, ...(onPortWait && { onWait: onPortWait }) };
  const look = async (): Promise<Selection> =>
    selectPort(selector, await discover(), selector.kind === "mac" ? knownBoards(stateDir) : []);
  for (;;) {
    const found = await waitForPort(look, wait);
    if (found.kind === "candidates") return askAll(found.mac, found.ports, options);
    if (selector.kind === "mac" && found.by === "memory") return askRemembered(selector.mac, found.port, options);
    const locks = await takeLocks(found.port, options);
    try {
      const now = await look();
      if (now.kind === "port" && sameLocks(now.port, found.port)) return { port: now.port, locks };
    } catch (thrown) {
      releaseAll(locks);
      if (!hasCode(thrown, "port/not-found")) throw thrown;
      // Unplugged during the wait for the lock: it may come back in the time that is given for that.
      if (waitForPortMs === 0) throw thrown;
      continue;
    }
    releaseAll(locks);
  }
}

/**
 * Adds the lock of the board's MAC once the chip has told it: the same board may be plugged in twice, by a bridge and by
 * its own USB. What `lockBoard` throws; the claim itself stays.
 */
export async function claimMac(claim: ClaimedPort, mac: string, options: ClaimOptions): Promise<ClaimedPort> {
  const name = lockNameOfMac(mac);
  if (claim.locks.some((lock) => lock.name === name)) return claim;
  return { ...claim, locks: [...claim.locks, ...(await takeAll([name], options))] };
}

/** The place that was noted first, and the other candidates only if another board answers there. */
async function askRemembered(mac: string, port: PortInfo, options: ClaimOptions): Promise<ClaimedPort> {
  const all = await options.discover();
  const rest = await selectPort({ kind: "mac", mac }, all);
  const others = rest.kind === "candidates" ? rest.ports.filter(({ path }) => path !== port.path) : [];
  return askAll(mac, [port, ...others], options);
}

/** Asks one board after the other: first those that are free, then those for whose lock one has to wait. */
async function askAll(mac: string, ports: readonly PortInfo[], options: ClaimOptions): Promise<ClaimedPort> {
  const { lock } = options;
  const answers: string[] = [];
  const held: PortInfo[] = [];
  for (const port of ports) {
    const free = lock === "off" ? options : { ...options, lock: { ...lock, timeoutMs: 0 } };
    try {
      const found = await askOne(mac, port, free, answers);
      if (found) return found;
    } catch (thrown) {
      if (!hasCode(thrown, "lock/timeout")) throw thrown;
      held.push(port);
    }
  }
  for (const port of held) {
    const found = await askOne(mac, port, options, answers);
    if (found) return found;
  }
  throw new FlashError("port/not-found", `no board with mac:${mac} answers; ${answers.join("; ")}`, {
    port: `mac:${mac}`,
  });
}

async function askOne(
  mac: string,
  port: PortInfo,
  options: ClaimOptions,
  answers: string[],
): Promise<ClaimedPort | undefined> {
  const locks = await takeLocks(port, options);
  let isMeant = false;
  try {
    const now = portAtPlace(port, await options.discover());
    const answer = await options.ask(now);
    rememberBoard(options.stateDir, answer, now);
    isMeant = answer === mac;
    if (isMeant) return { port: now, locks };
    answers.push(`${describePort(now)} is mac:${answer}`);
  } catch (thrown) {
    options.signal.throwIfAborted();
    if (!(thrown instanceof FlashError) || thrown.code === "job/state") throw thrown;
    answers.push(`${describePort(port)}: ${thrown.message}`);
  } finally {
    if (!isMeant) releaseAll(locks);
  }
  return undefined;
}

/** Place before MAC, always: so no two jobs can wait for each other. */
function lockNames(port: PortInfo): readonly string[] {
  return [lockNameOfPort(port), ...(port.macFromUsb ? [lockNameOfMac(port.macFromUsb)] : [])];
}

function sameLocks(a: PortInfo, b: PortInfo): boolean {
  return lockNames(a).join() === lockNames(b).join();
}

function takeLocks(port: PortInfo, options: ClaimOptions): Promise<readonly BoardLock[]> {
  return takeAll(lockNames(port), options);
}

async function takeAll(names: readonly string[], options: ClaimOptions): Promise<readonly BoardLock[]> {
  const { lock, clock, signal } = options;
  const locks: BoardLock[] = [];
  if (lock === "off") return locks;
  try {
    for (const name of names) locks.push(await lockBoard(name, { ...lock, clock, signal }));
  } catch (thrown) {
    releaseAll(locks);
    throw thrown;
  }
  return locks;
}

function releaseAll(locks: readonly BoardLock[]): void {
  for (const lock of locks) lock.release();
}
