import * as core from "@actions/core";
import fc from "fast-check";
import { createReporter } from "../../src/action/reporter.js";
import type { JobEvent } from "../../src/base/events.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { linesWrittenBy } from "../support/stdout.js";

const MEBIBYTE = 0x100000;

/** Moves the clock on, as time does between two events. */
async function pass(clock: VirtualClock, durationMs: number): Promise<void> {
  await clock.run(new Promise<void>((resolve) => clock.schedule(durationMs, resolve)));
}

function linesOf(events: readonly JobEvent[]): Promise<string[]> {
  const reporter = createReporter(core, new VirtualClock());
  return linesWrittenBy(() => events.forEach((event) => reporter.listener(event)));
}

test("each phase is a group that tells its time", async () => {
  const lines = await linesOf([
    { kind: "started", phase: "connect" },
    { kind: "message", level: "info", text: "Try 1 of 7" },
    { kind: "finished", phase: "connect", durationMs: 412.4 },
    { kind: "started", phase: "write" },
    { kind: "finished", phase: "write", durationMs: 8950 },
  ]);
  expect(lines).toEqual([
    "::group::Connect to the board",
    "Try 1 of 7",
    "Done in 412 ms",
    "::endgroup::",
    "::group::Write",
    "Done in 8.9 s",
    "::endgroup::",
  ]);
});

test("a phase that never finished is closed all the same", async () => {
  const reporter = createReporter(core, new VirtualClock());
  const lines = await linesWrittenBy(() => {
    reporter.listener({ kind: "started", phase: "write" });
    reporter.listener({ kind: "started", phase: "connect" });
    reporter.closeGroup();
    reporter.closeGroup();
  });
  expect(lines).toEqual(["::group::Write", "::endgroup::", "::group::Connect to the board", "::endgroup::"]);
});

test("a fast job has one line for each tenth", async () => {
  const events = Array.from({ length: 65 }, (_, index): JobEvent => {
    return { kind: "progress", doneBytes: (index * MEBIBYTE) / 64, totalBytes: MEBIBYTE };
  });
  const lines = await linesOf(events);
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe(" 10 %  114,688 of 1,048,576 bytes");
  expect(lines.at(-1)).toBe("100 %  1,048,576 of 1,048,576 bytes");
});

test("a slow job has a line a second", async () => {
  const clock = new VirtualClock();
  const reporter = createReporter(core, clock);
  const lines = await linesWrittenBy(async () => {
    for (let index = 1; index <= 30; index++) {
      await pass(clock, 100);
      reporter.listener({ kind: "progress", doneBytes: index, totalBytes: 1000 });
    }
  });
  expect(lines).toEqual(["  1 %  10 of 1,000 bytes", "  2 %  20 of 1,000 bytes", "  3 %  30 of 1,000 bytes"]);
});

test("100 % stands only behind the last byte", async () => {
  const lines = await linesOf([{ kind: "progress", doneBytes: 999_999, totalBytes: 1_000_000 }]);
  expect(lines).toEqual([" 99 %  999,999 of 1,000,000 bytes"]);
});

test("percentages never fall and no line redraws another", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(MEBIBYTE), { maxLength: 50 }), async (positions) => {
      const rising = [...positions].sort((a, b) => a - b);
      const lines = await linesOf(
        rising.map((doneBytes) => ({ kind: "progress", doneBytes, totalBytes: MEBIBYTE }) as const),
      );
      const percents = lines.map((line) => Number.parseInt(line, 10));
      expect(percents).toEqual([...percents].sort((a, b) => a - b));
      expect(lines.join("")).not.toContain("\r");
    }),
  );
});

test("what the board says cannot command the runner", async () => {
  const text = "rst:0x1\n::set-env name=PATH::/evil\n##[error]x";
  const lines = await linesOf([
    { kind: "message", level: "info", text },
    { kind: "message", level: "warning", text: "::stop-commands::x" },
  ]);
  expect(lines).toEqual([
    "rst:0x1",
    ": :set-env name=PATH::/evil",
    "## [error]x",
    "::warning title=ESP32 flash::: :stop-commands::x",
  ]);
});

test("frames are told with step debug logging only", async () => {
  const events = [{ kind: "message", level: "debug", text: "-> c0 00 08" }] as const;
  const before = process.env.RUNNER_DEBUG;
  try {
    delete process.env.RUNNER_DEBUG;
    expect(await linesOf(events)).toEqual([]);
    process.env.RUNNER_DEBUG = "1";
    expect(await linesOf(events)).toEqual(["::debug::-> c0 00 08"]);
  } finally {
    if (before === undefined) delete process.env.RUNNER_DEBUG;
    else process.env.RUNNER_DEBUG = before;
  }
});
