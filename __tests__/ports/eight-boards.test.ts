import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../src/base/clock.js";
import { FlashError, toFlashError } from "../../src/base/errors.js";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { claimPort } from "../../src/ports/claim.js";
import { followPort } from "../../src/ports/follow.js";
import type { PortInfo } from "../../src/ports/port-info.js";
import { parsePortSelector } from "../../src/ports/selector.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobBench, JobEnd } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";
import type { MadeRig } from "../support/made-rig.js";
import { createRig, eightBoards, madeBoard } from "../support/made-rig.js";

/** A virtual board at a place of the made bench, and how often its host has reset it. */
interface Bench {
  readonly bench: JobBench;
  readonly mac: string;
  resets: number;
}

let folder: string;
let rig: MadeRig;
let boards: ReadonlyMap<string, Bench>;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-eight-"));
  rig = createRig();
  for (const board of eightBoards) rig.plug(board);
  boards = new Map(
    eightBoards.map(({ location, serial }, index) => {
      const mac = serial?.includes(":") ? serial.toLowerCase() : `24:6f:28:00:00:0${index}`;
      return [location, { bench: createJobBench(`virtual:esp32?mac=${mac}`), mac, resets: 0 }];
    }),
  );
});
afterEach(() => {
  for (const { bench } of boards.values()) bench.board.close();
  rig.end();
  rmSync(folder, { recursive: true, force: true });
});

const firmware = buildDemoFirmware(esp32);
const signal = new AbortController().signal;

function boardAt(location: string | undefined): Bench {
  const board = boards.get(location ?? "");
  if (board === undefined) throw new Error(`there is no board at ${location ?? "no place"}`);
  return board;
}

/** Runs a job on the board behind `port`, and counts each time that EN is pulled low. */
function runAt(port: PortInfo, kind: "flash" | "ask"): Promise<JobEnd> {
  const board = boardAt(port.usb?.location);
  const job = flashJob([flashImage("demo", 0x1000, firmware)], { dryRun: kind === "ask" });
  return board.bench.run(job, {
    wrap: (transport) => ({
      ...transport,
      setSignals(lines) {
        if (lines.rts && !lines.dtr) board.resets++;
        return transport.setSignals(lines);
      },
    }),
  });
}

async function flash(text: string): Promise<PortInfo> {
  const selector = parsePortSelector(text);
  if (selector === undefined) throw new Error(`${text} is no selector`);
  const { port, locks } = await claimPort(selector, {
    discover: () => rig.discover(),
    stateDir: path.join(folder, "boards"),
    waitForPortMs: 0,
    lock: {
      lockDir: path.join(folder, "locks"),
      job: { id: "job", title: "the job" },
      timeoutMs: 0,
      onWait: () => undefined,
    },
    clock: systemClock,
    signal,
    async ask(candidate) {
      const { result, error } = await runAt(candidate, "ask");
      if (result === undefined) throw error ?? new FlashError("connect/silent", "nothing came");
      return result.identity.mac;
    },
  });
  const { code } = await runAt(port, "flash");
  for (const lock of locks) lock.release();
  expect([text, code]).toEqual([text, "success"]);
  return port;
}

/** The places whose boards were reset since the last call. */
function placesReset(): string[] {
  const touched = [...boards].filter(([, board]) => board.resets > 0).map(([location]) => location);
  for (const board of boards.values()) board.resets = 0;
  return touched;
}

const isFlashed = ({ bench }: Bench): boolean =>
  Buffer.from(bench.board.flash.bytes.subarray(0x1000, 0x1000 + firmware.length)).equals(firmware);

test("each way to name a board flashes that board, and no other one sees a reset", async () => {
  const ways: readonly (readonly [string, string])[] = [
    [path.join(rig.devRoot, "ttyUSB1"), "1-1.2"],
    [path.join(rig.devRoot, "serial/by-id/usb-Silicon_Labs_CP2102_0001-if00-port0"), "1-1.1"],
    [path.join(rig.devRoot, "serial/by-id/*a1b2c3*"), "1-1.3.1"],
    ["usb:1a86:7523", "1-1.3.2"],
    ["serial:DN01", "1-1.4"],
    ["mac:4c:11:ae:b9:90:54", "1-2"],
    ["location:1-3", "1-3"],
    ["usb:1a86:55d4", "1-4"],
  ];
  for (const [text, location] of ways) {
    await flash(text);
    expect([text, placesReset()]).toEqual([text, [location]]);
    expect(isFlashed(boardAt(location))).toBe(true);
  }
});

test("a MAC behind a bridge: asked for once, then found without touching any other board", async () => {
  const { mac } = boardAt("1-1.4");
  await flash(`mac:${mac}`);
  expect(placesReset()).toEqual(["1-1.1", "1-1.2", "1-1.3.1", "1-1.3.2", "1-1.4", "1-4"]);
  expect([...boards].filter(([, board]) => isFlashed(board)).map(([location]) => location)).toEqual(["1-1.4"]);
  await flash(`mac:${mac}`);
  expect(placesReset()).toEqual(["1-1.4"]);
});

test("a board that comes back at another number is flashed on; one that was swapped meanwhile is refused untouched", async () => {
  const native = madeBoard("ttyACM0");
  const before = await flash("location:1-2");
  placesReset();
  rig.unplug(native);
  rig.plug({ ...native, tty: "ttyACM7" });
  const wait = { timeoutMs: 0, clock: systemClock, signal };
  const again = await followPort(before, () => rig.discover(), wait);
  expect(path.basename(again.path)).toBe("ttyACM7");
  expect((await runAt(again, "flash")).code).toBe("success");
  expect(placesReset()).toEqual(["1-2"]);

  const other = madeBoard("ttyACM1");
  for (const board of [{ ...native, tty: "ttyACM7" }, other]) rig.unplug(board);
  rig.plug({ ...other, location: native.location });
  const error = await followPort(again, () => rig.discover(), wait).catch((thrown: unknown) => toFlashError(thrown));
  expect(error).toMatchObject({ code: "port/other-board" });
  expect(placesReset()).toEqual([]);
});
