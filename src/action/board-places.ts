import { FlashError, hasCode } from "../base/errors.js";
import type { Clock } from "../base/clock.js";
import type { Discover } from "../ports/discovery.js";
import { waitForPort } from "../ports/follow.js";
import { lockNameOfPort } from "../ports/port-info.js";
import { selectAll, selectPort } from "../ports/select.js";
import { parsePortSelector } from "../ports/selector.js";
import { lockNameOfRemote, portWaitText } from "./claim-board.js";
import type { PortLine } from "./port-line.js";

/** One of several boards, as far as that is known before any is claimed. */
export interface BoardPlace {
  /** As it was asked for; the path of its port if by a pattern. */
  readonly name: string;
  /** The name of its lock. Absent where nothing is at that place yet, only the board can tell, or there is no lock. */
  readonly lockName?: string;
}

interface PlaceDeps {
  readonly discover: Discover;
  /** How long an `every:` that fits no port is waited for. */
  readonly waitForPortMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/**
 * The boards that lines of `port` lead to. Opens nothing. Throws `port/same-board` where two lines lead to one board, and
 * what `selectAll` throws for `every:`.
 */
export async function placeBoards(lines: readonly PortLine[], deps: PlaceDeps): Promise<readonly BoardPlace[]> {
  const places: BoardPlace[] = [];
  for (const line of lines) {
    places.push(...(line.kind === "one" ? [await placeOne(line.port, deps)] : await placeAll(line.selector, deps)));
  }
  const sorted = inLockOrder(places);
  const double = sorted.find(({ lockName }, at) => lockName !== undefined && lockName === sorted[at - 1]?.lockName);
  if (double === undefined) return places;
  const names = places.filter(({ lockName }) => lockName === double.lockName).map(({ name }) => name);
  throw new FlashError("port/same-board", `${names.join(" and ")} lead to the same place (${double.lockName}).`, {
    ports: names,
  });
}

/**
 * The order in which all steps of this machine take their boards, so that two which want the same ones stand behind each
 * other.
 */
export function inLockOrder<Place extends BoardPlace>(places: readonly Place[]): readonly Place[] {
  return [...places].sort((a, b) => compareNames(a.lockName ?? LAST, b.lockName ?? LAST));
}

/** Behind all names of locks. */
const LAST = "\uffff";

/** The same on every machine, whatever its language. */
function compareNames(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

async function placeOne(port: string, { discover }: PlaceDeps): Promise<BoardPlace> {
  const selector = parsePortSelector(port);
  if (selector === undefined) return named(port, lockNameOfRemote(port));
  try {
    // Not from what was noted: the board may have been plugged in elsewhere since.
    const found = await selectPort(selector, await discover());
    return named(port, found.kind === "port" ? lockNameOfPort(found.port) : undefined);
  } catch (thrown) {
    // Whoever claims the board waits for it, or tells this; it is no other board's business.
    if (hasCode(thrown, "port/not-found", "port/ambiguous")) return { name: port };
    throw thrown;
  }
}

async function placeAll(text: string, deps: PlaceDeps): Promise<readonly BoardPlace[]> {
  const { discover, waitForPortMs, clock, signal, say } = deps;
  const selector = parsePortSelector(text);
  if (selector === undefined || selector.kind === "mac") throw new Error(`no selector of several ports: ${text}`);
  const onWait = (): void => say(portWaitText(`every: ${text}`, waitForPortMs));
  const wait = { timeoutMs: waitForPortMs, clock, signal, onWait };
  const found = await waitForPort(async () => selectAll(selector, await discover()), wait);
  return found.map((port) => named(port.path, lockNameOfPort(port)));
}

function named(name: string, lockName: string | undefined): BoardPlace {
  return lockName === undefined ? { name } : { name, lockName };
}
