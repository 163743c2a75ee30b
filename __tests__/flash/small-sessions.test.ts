import { FlashError } from "../../src/base/errors.js";
import type { ErrorCode } from "../../src/base/errors.js";
import type { KnownRate } from "../../src/flash/baud-memory.js";
import type { Journal } from "../../src/flash/journal.js";
import type { Transport } from "../../src/transport/transport.js";
import { createJobBench } from "../support/job-bench.js";
import {
  dataBytes,
  dataOffset,
  holds,
  smallBoard,
  smallBoardMac,
  smallJob,
  startedPhases,
} from "../support/small-board.js";

describe("the loader that does the work", () => {
  test("is the ROM where the job wants no stub, and nothing is said about it", async () => {
    const bench = smallBoard();
    const end = await bench.run(smallJob({ stub: false }));
    expect(startedPhases(end)).toEqual(["connect", "identify", "compare", "write", "verify", "reset"]);
    expect(end.result).toMatchObject({ baud: 115_200, verified: true });
    expect(end.messages.join()).not.toContain("No stub");
    expect(holds(bench, dataOffset, dataBytes)).toBe(true);
  });

  test("is the ROM where none can be started, and why is said", async () => {
    const bench = createJobBench("virtual:esp32c3?security=secure-download");
    const end = await bench.run(smallJob({ chip: "esp32c3", allow: new Set(["unverified", "security"] as never[]) }));
    expect(end.messages.join("\n")).toMatch(/No stub, as in Secure Download Mode .*: the ROM does the work, slower\./);
    expect(end.messages.join("\n")).not.toContain("undefined");
  });

  test.each([
    [115_200, ["stub", "compare"]],
    [460_800, ["stub", "baud", "compare"]],
  ] as const)("speaks at the rate of the job: %d", async (baud, phases) => {
    const end = await smallBoard().run(smallJob({ baud }));
    expect(end.result?.baud).toBe(baud);
    expect(startedPhases(end).join()).toContain(phases.join());
  });

  test("on the chip's own USB port has no rate to change", async () => {
    const rates: number[] = [];
    const wrap = (transport: Transport): Transport => ({
      ...transport,
      setBaudRate: (baud) => {
        rates.push(baud);
        return transport.setBaudRate(baud);
      },
    });
    const end = await createJobBench("virtual:esp32c3?usb=jtag").run(smallJob({ chip: "esp32c3" }), { wrap });
    expect(end.result?.verified).toBe(true);
    expect(startedPhases(end)).not.toContain("baud");
    expect(rates.filter((baud) => baud !== 115_200)).toEqual([]);
  });

  test("stays where the job says so, and that is told", async () => {
    for (const [changes, loader] of [
      [{}, "stub at 921600"],
      [{ stub: false }, "ROM loader at 115200"],
    ] as const) {
      const bench = smallBoard();
      const end = await bench.run(smallJob({ after: "no-reset", ...changes }));
      expect(end.messages).toContain(`The board stays in its ${loader} baud.`);
      expect(bench.board.inDownloadMode).toBe(true);
    }
  });
});

describe("the rate that is remembered for a board", () => {
  interface Bauds {
    readonly journal: Journal;
    readonly noted: (readonly [string, KnownRate])[];
  }
  const rateOf = (baud: number | undefined): KnownRate | undefined =>
    baud === undefined ? undefined : { baud, byRom: true };
  const remembering = (known?: number, failing?: string): Bauds => {
    const noted: (readonly [string, KnownRate])[] = [];
    const bauds = {
      recall: (mac: string) => rateOf(mac === smallBoardMac ? known : 9600),
      note: (mac: string, rate: KnownRate) => {
        if (failing !== undefined) throw new Error(failing);
        noted.push([mac, rate]);
      },
    };
    return { noted, journal: { ...smallBoard().journal, bauds } };
  };

  test.each([
    [460_800, 460_800],
    [500_000, 460_800],
    [921_600, 921_600],
    [3_000_000, 921_600],
    [300, 921_600],
    [undefined, 921_600],
  ])("%p leads to %d, and that is told where it is less than usual", async (known, baud) => {
    const { journal, noted } = remembering(known);
    const end = await smallBoard().run(smallJob(), { journal });
    expect(end.result).toMatchObject({ baud, retries: 0 });
    const text = "Only up to 460800 baud, as higher rates failed on this board before.";
    const told = end.events.filter((event) => event.kind === "message" && event.text.startsWith("Only up to"));
    expect(told).toEqual(baud === 460_800 ? [{ kind: "message", level: "info", text }] : []);
    expect(noted).toEqual([]);
  });

  test("counts for nothing where the job names one", async () => {
    const end = await smallBoard().run(smallJob({ baud: 921_600 }), { journal: remembering(115_200).journal });
    expect(end.result?.baud).toBe(921_600);
  });

  test("is noted where a higher one failed, once the job is done", async () => {
    const { journal, noted } = remembering();
    const end = await smallBoard("&fault=noisy-above:460800").run(smallJob(), { journal });
    expect(end.result).toMatchObject({ baud: 460_800, verified: true });
    expect(noted).toEqual([[smallBoardMac, { baud: 460_800, byRom: true }]]);
    const fixed = await smallBoard("&fault=noisy-above:460800").run(smallJob({ baud: 921_600 }), { journal });
    expect(fixed.error?.code).toMatch(/^device\//);
    expect(noted).toHaveLength(1);
  });

  test("is not noted after trouble that may have had another cause", async () => {
    const { journal, noted } = remembering();
    const end = await smallBoard("&fault=write-fails:1").run(smallJob(), { journal });
    expect(end.result).toMatchObject({ verified: true, retries: 1, baud: 460_800 });
    expect(noted).toEqual([]);
  });

  test("that cannot be noted is a warning, and the job has succeeded", async () => {
    const { journal } = remembering(undefined, "disk full");
    const end = await smallBoard("&fault=noisy-above:460800").run(smallJob(), { journal });
    expect(end.result?.verified).toBe(true);
    const text = "That 460800 baud work on this board cannot be noted: disk full";
    expect(end.events).toContainEqual({ kind: "message", level: "warning", text });
  });
});

test("a board is brought into its loader by the job's own sequence of lines, and not by another", async () => {
  // As the usual circuit has it: EN low, then IO0 low while EN rises.
  const lines = (dtr: boolean, rts: boolean): { readonly dtr: boolean; readonly rts: boolean } => ({ dtr, rts });
  const enters = [lines(false, true), 100, lines(true, false), 50, lines(false, false)];
  const end = await smallBoard().run(smallJob({ resetSequence: enters }));
  expect(end.result?.verified).toBe(true);
  const stays = await smallBoard().run(smallJob({ resetSequence: [lines(false, true), 100, lines(false, false)] }));
  expect(stays.code).toMatch(/^connect\//);
});

describe("after trouble", () => {
  /** The port comes back at the try of this number, or fails otherwise. */
  const returning = (atTry: number, code: ErrorCode = "port/lost") => {
    const tries = { count: 0 };
    const wrap = (transport: Transport): Transport => ({
      ...transport,
      reopen: () =>
        ++tries.count < atTry ? Promise.reject(new FlashError(code, "the port is not back")) : transport.reopen(),
    });
    return { tries, wrap };
  };

  test("that a lower rate would not mend, the rate stays", async () => {
    const end = await smallBoard("&fault=bit-flip:128").run(smallJob());
    expect(end.result).toMatchObject({ verified: true, retries: 1, baud: 921_600 });
  });

  test("at a rate that does not work, a board that misses a call is called again", async () => {
    let isDeaf = false;
    let resets = 0;
    let highest = 0;
    const wrap = (transport: Transport): Transport => ({
      ...transport,
      setBaudRate: (baud) => {
        isDeaf ||= baud < highest && resets === 0;
        highest = Math.max(highest, baud);
        return transport.setBaudRate(baud);
      },
      setSignals: (lines) => {
        if (isDeaf && lines.rts && !lines.dtr && ++resets === 3) isDeaf = false;
        return transport.setSignals(lines);
      },
      write: (sending) => (isDeaf ? Promise.resolve() : transport.write(sending)),
    });
    const end = await smallBoard("&fault=noisy-above:460800").run(smallJob({ connectAttempts: 1 }), { wrap });
    expect(end.result).toMatchObject({ verified: true, retries: 2, baud: 460_800 });
    expect(resets).toBe(3);
  });

  test("a lost port is opened up to seven times, a second apart", async () => {
    const late = returning(7);
    const end = await smallBoard("&fault=link-lost-command:12").run(smallJob(), { wrap: late.wrap });
    expect(end.result).toMatchObject({ verified: true, retries: 1 });
    expect(late.tries.count).toBe(7);
    expect(end.durationMs).toBeGreaterThanOrEqual(6000);
    const never = returning(8, "port/busy");
    const lost = await smallBoard("&fault=link-lost-command:12").run(smallJob(), { wrap: never.wrap });
    expect(lost.code).toBe("port/busy");
    expect(never.tries.count).toBe(7);
  });

  test.each([
    ["again", 2, 1],
    ["no more", Infinity, undefined],
  ])(
    "a board that has answered is called with the port opened anew once more, and hears %s",
    async (_what, hears, retries) => {
      const bench = smallBoard("&fault=link-lost-command:12");
      let reopened = 0;
      const wrap = (transport: Transport): Transport => ({
        ...transport,
        reopen: () => {
          reopened++;
          return transport.reopen();
        },
        write: (sending) => (reopened > 0 && reopened < hears ? Promise.resolve() : transport.write(sending)),
      });
      const end = await bench.run(smallJob({ connectAttempts: 1 }), { wrap });
      expect(reopened).toBe(2);
      expect(end.result?.retries).toBe(retries);
      expect(end.code).toMatch(retries === undefined ? /^connect\// : /^success$/);
    },
  );

  test("a board that has never answered is no trouble on the way", async () => {
    const deaf = (transport: Transport): Transport => ({ ...transport, write: () => Promise.resolve() });
    const end = await smallBoard().run(smallJob({ connectAttempts: 1 }), { wrap: deaf });
    expect(end.code).toMatch(/^connect\//);
    expect(end.messages.join()).not.toContain("Going on");
  });

  test.each(["port/not-found", "port/permission", "port/open-failed"] as const)(
    "a port that is on its way back is waited for: %s",
    async (code) => {
      const late = returning(3, code);
      const end = await smallBoard("&fault=link-lost-command:12").run(smallJob(), { wrap: late.wrap });
      expect(end.result).toMatchObject({ verified: true, retries: 1 });
      expect(late.tries.count).toBe(3);
    },
  );

  test("any other error of the port ends the job at once", async () => {
    const broken = returning(2, "internal/unexpected");
    const end = await smallBoard("&fault=link-lost-command:12").run(smallJob(), { wrap: broken.wrap });
    expect(end.code).toBe("internal/unexpected");
    expect(broken.tries.count).toBe(1);
  });

  test("it says what happened and goes on; the board is told apart only once", async () => {
    const heard: string[] = [];
    const onIdentified = (mac: string): Promise<void> => Promise.resolve(void heard.push(mac));
    const end = await smallBoard("&fault=link-lost-command:12").run(smallJob(), { onIdentified });
    expect(end.messages.filter((text) => text.endsWith("Going on from what is in place."))).toHaveLength(1);
    expect(startedPhases(end).filter((phase) => phase === "connect")).toHaveLength(2);
    expect(heard).toEqual([smallBoardMac]);
  });

  test.each([
    ["a link that fails in the same place", { baud: 115_200 as const }, repeated("stub-dies", 8, 400), 4],
    ["a sector that does not erase", {}, "&fault=sector-stuck:128", 3],
  ])("%s ends the job after some tries", async (_what, changes, faults, tries) => {
    const bench = smallBoard(faults);
    bench.board.flash.bytes.fill(0, dataOffset, dataOffset + 0x1000);
    const end = await bench.run(smallJob(changes));
    expect(end.code).not.toBe("success");
    expect(startedPhases(end).filter((phase) => phase === "connect")).toHaveLength(tries);
    expect(end.lines).toEqual({ dtr: false, rts: false });
  });

  test("an error tells the board, and one before any change lets the firmware run", async () => {
    const bench = smallBoard();
    bench.board.flash.bytes.fill(0, dataOffset, dataOffset + 0x1000);
    const end = await bench.run(smallJob({ erase: "none" }));
    expect(end.error).toMatchObject({
      code: "plan/not-blank",
      details: { chip: "esp32", mac: smallBoardMac, "chip-revision": expect.stringMatching(/^v\d\.\d$/) as string },
    });
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test("one after a change leaves the board in its loader", async () => {
    const bench = smallBoard("&fault=sector-stuck:128");
    bench.board.flash.bytes.fill(0, dataOffset, dataOffset + 0x1000);
    expect((await bench.run(smallJob())).code).toBe("verify/mismatch");
    expect(bench.board.inDownloadMode).toBe(true);
  });
});

function repeated(name: string, from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => `&fault=${name}:${from + index}`).join("");
}
