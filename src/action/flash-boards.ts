import { FlashError } from "../base/errors.js";
import type { FlashJob } from "../flash/job.js";
import { fileDeflateStore } from "../flash/deflate-store.js";
import { shareForms } from "../flash/prepare.js";
import type { PreparedForms } from "../flash/prepare.js";
import { discovery } from "../ports/discovery.js";
import { boardLane } from "./board-lane.js";
import type { BoardLane } from "./board-lane.js";
import { inLockOrder, placeBoards } from "./board-places.js";
import type { ClaimedBoard } from "./claim-board.js";
import { claimInTurn } from "./claim-in-turn.js";
import { createFailFast } from "./fail-fast.js";
import { flashClaimed } from "./flash-board.js";
import type { BoardTask } from "./flash-board.js";
import { notesDirectory } from "./host.js";
import type { BoardNotes } from "./outcome.js";
import { shareTime } from "./shared-time.js";
import { createSlots } from "./slots.js";
import { whatHappened } from "./step-frame.js";
import type { Surroundings } from "./step-frame.js";

/**
 * All boards that `port` leads to, at once: firmware is planned and deflated once, and no board waits for another. `boards`
 * becomes their list. Throws where it cannot be said which boards are meant; what happens to one is noted there.
 */
export async function flashBoards(
  boards: BoardNotes[],
  shared: Pick<BoardTask, "inputs" | "plans" | "symbolize">,
  step: Surroundings,
): Promise<void> {
  const { inputs, plans } = shared;
  const { clock, signal } = step;
  const places = await placeBoards(inputs.ports, {
    discover: discovery(async () => (await import("../transport/serial-list.js")).listSerialPorts()),
    waitForPortMs: inputs.waitForPortMs,
    clock,
    signal,
    say: (text) => step.reporter.listener({ kind: "message", level: "info", text }),
  });
  const [plan] = plans;
  const isForAll = plan !== undefined && plan.board === undefined && plans.length === 1;
  const known = isForAll ? { firmware: plan.firmware } : {};
  boards.splice(0, boards.length, ...places.map(({ name }) => ({ name, durationMs: 0, ...known })));

  const store = fileDeflateStore(notesDirectory(step.host.env, "deflated"));
  const forms = shareForms({ clock, store });
  const failFast = createFailFast(signal);
  const times = shareTime(step.time, boards.length);
  const onMac = refuseSameMac();
  const prepare = (job: FlashJob): PreparedForms => forms.prepare(job);
  const lanes = places.flatMap((place, index) => {
    const [notes, time] = [boards[index], times[index]];
    if (notes === undefined || time === undefined) return [];
    const task = { ...shared, notes, prepare, onMac: (mac: string) => onMac(place.name, mac) };
    return [boardLane(place, task, { step, failFast, time })];
  });
  const inSlot = createSlots(inputs.maxParallel);
  const work = async (lane: BoardLane, claim: () => Promise<ClaimedBoard>): Promise<void> => {
    const { notes } = lane.task;
    try {
      const board = await claim();
      await inSlot(() => flashClaimed(board, lane.task, lane.surroundings));
    } catch (thrown) {
      notes.error = whatHappened(thrown, lane.surroundings.signal);
    }
    if (notes.error !== undefined && inputs.failFast) failFast.failed(lane.name);
    lane.end();
  };
  try {
    await claimInTurn(inLockOrder(lanes), work, step);
  } finally {
    forms.stop();
  }
}

/** Tells one board that is named in two ways, which only its MAC shows, before its lock is waited for. */
function refuseSameMac(): (name: string, mac: string) => void {
  const names = new Map<string, string>();
  return (name, mac) => {
    // Virtual boards may share a MAC; real ones do not.
    const other = name.startsWith("virtual:") ? undefined : names.get(mac);
    if (other !== undefined && other !== name) {
      throw new FlashError("port/same-board", `${name} and ${other} are the same board, ${mac}.`, { mac });
    }
    names.set(mac, name);
  };
}
