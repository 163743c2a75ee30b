import { phaseChart } from "../../src/action/gantt.js";
import { codeBlock } from "../../src/action/markdown.js";
import { summaryMarkdown } from "../../src/action/summary.js";
import { FlashError } from "../../src/base/errors.js";
import { bootError } from "../../src/monitor/boot-error.js";
import { board, boot, failure, flashed, success } from "../support/outcomes.js";

const failed = failure.boards.map((one) => ({ ...one, port: "/dev/ttyUSB1" }));

test("a success has its verdict, a row for the board, its images, facts and phases", () => {
  const markdown = summaryMarkdown(success);
  expect(markdown).toContain("### ✅ ESP32 flashed, verified\n");
  expect(markdown).toContain(
    "| /dev/ttyUSB0 | ✅ flashed, verified | esp32 | 4c:11:ae:b9:90:54 | blink 1.2.3 | 1,247,280 bytes | 11.2 s |",
  );
  expect(markdown).toContain(`| app.bin | 0x00001000 | 1,247,280 bytes | 1,247,280 bytes | ${"cd".repeat(16)} |`);
  expect(markdown).toContain("| Flash | 4MB (id c84016) |");
  expect(markdown).toContain("| Phases | connect 412 ms, write 8.9 s |");
});

test.each([
  [{ skipped: true }, "already up to date, verified"],
  [{ verified: false }, "flashed, not verified"],
  [{ dryRun: true, verified: false }, "dry run: nothing was changed"],
  [{ lostPartitions: ["nvs", "sto|rage"] }, "Partitions that lost data: nvs, sto\\|rage"],
  [{ resumed: true }, "An earlier run had not ended"],
  [{ retries: 2 }, "Begun again after trouble: 2×"],
])("%j says so", (change, text) => {
  expect(summaryMarkdown({ ...success, boards: [{ ...board, result: { ...flashed, ...change } }] })).toContain(text);
});

test("of several boards, those that nothing is known of have a row and no more", () => {
  const unknown = { name: "/dev/ttyUSB0", durationMs: 0 };
  const error = new FlashError("firmware/not-found", "app.bin does not exist");
  const boards = [unknown, { ...unknown, name: "/dev/ttyUSB1", port: "/dev/ttyUSB1" }];
  const markdown = summaryMarkdown({ durationMs: 10, boards, error });
  expect(markdown).toContain("| /dev/ttyUSB0 | ➖ not reached |");
  expect(markdown).toContain("| /dev/ttyUSB1 | ➖ cut short |");
  expect(markdown).not.toContain("<details>");
});

test("a board that was watched has its verdict, its resets and the end of its log", () => {
  const markdown = summaryMarkdown({ ...success, boards: [{ ...board, boot, bootLog: "/tmp/boot.log" }] });
  expect(markdown).toContain("### ✅ ESP32 flashed, verified, running\n");
  expect(markdown).toContain("**Boot:** The app started and ran for 3 s.");
  expect(markdown).toContain("Resets: power on (1×)");
  expect(markdown).toContain("<details><summary>Console: the last 2 of 42 lines</summary>\n\n```\nI (31) main_task");
  expect(markdown).toContain("The whole log is in /tmp/boot.log");
});

test("a silent board is no clean success, and one that was left alone says why it was not flashed", () => {
  const silent = { ...board, boot: { ...boot, verdict: "silent" as const } };
  expect(summaryMarkdown({ ...success, boards: [silent] })).toContain("### ⚠️ ESP32 flashed, verified, silent\n");
  const healthy = { name: "/dev/ttyUSB0", durationMs: 900, leftAlone: true, boot };
  const markdown = summaryMarkdown({ ...success, boards: [healthy] });
  expect(markdown).toContain("### ✅ ESP32 healthy, left alone\n");
  expect(markdown).toContain("| /dev/ttyUSB0 | ✅ healthy, left alone |  |  | blink 1.2.3 |");
});

test("a boot that failed is told once, with the way out", () => {
  const loop = { ...boot, verdict: "boot-loop" as const, reason: "The board restarted 3 times: brownout (3×)." };
  const error = bootError(loop);
  if (error === undefined) throw new Error("a loop is no error");
  const markdown = summaryMarkdown({ ...success, boards: [{ ...board, boot: loop, error }] });
  expect(markdown).toContain("### ❌ ESP32 failed: boot/loop\n");
  expect(markdown.split("restarted 3 times")).toHaveLength(2);
  expect(markdown).toContain("**Way out:** ");
});

test("a failure has its code, the message, the way out and the board", () => {
  const markdown = summaryMarkdown(failure);
  expect(markdown).toContain("### ❌ ESP32 failed: chip/mismatch\n");
  expect(markdown).toContain("The board has an ESP32-C3, not an ESP32.");
  expect(markdown).toContain("**Way out:** Check which board is at this port");
  expect(markdown).toContain("| /dev/ttyUSB0 | ❌ failed: chip/mismatch |  | 4c:11:ae:b9:90:54 |");
});

test("a step that never got to a board says what was wrong", () => {
  const error = new FlashError("input/required", "`port` is not set");
  const markdown = summaryMarkdown({ durationMs: 1, boards: [], error });
  expect(markdown).toMatch(/^### ❌ ESP32 failed: input\/required\n\n\\`port\\` is not set\n\n\*\*Way out:\*\* /);
});

test("of several boards each has a row, and those that failed stand open", () => {
  const unreached = { name: "/dev/ttyUSB2", durationMs: 0 };
  const markdown = summaryMarkdown({ durationMs: 9000, boards: [board, ...failed, unreached] });
  expect(markdown).toContain("### ❌ ESP32: 1 of 3 boards failed\n");
  expect(markdown).toContain("| /dev/ttyUSB2 | ➖ not reached |");
  expect(markdown).toContain("<details><summary>✅ /dev/ttyUSB0: flashed, verified</summary>");
  expect(markdown).toContain("<details open><summary>❌ /dev/ttyUSB1: failed: chip/mismatch</summary>");
  expect(summaryMarkdown({ durationMs: 9000, boards: [board, board] })).toContain("### ✅ ESP32: 2 boards\n");
});

test("the time of each board is drawn from 0 on, and no name is longer than its bar", () => {
  const phases = (["connect", "stub", "compare", "erase", "write", "verify", "reset"] as const).map((phase) => {
    return { phase, durationMs: phase === "compare" ? 100.4 : 1000 };
  });
  const other = { ...board, port: "virtual:esp32;#?flash=a", result: { ...flashed, phases }, boot };
  expect(
    phaseChart([board, ...failed, other])
      ?.split("\n")
      .slice(2),
  ).toEqual([
    "gantt",
    "  dateFormat x",
    "  axisFormat %M:%S",
    "  tickInterval 1second",
    "  section 1 /dev/ttyUSB0",
    "    · :0, 412ms",
    "    write :412, 8950ms",
    "  section 3 virtual esp32",
    "    connect :0, 2000ms",
    "    · :2000, 100ms",
    "    write :2100, 2000ms",
    "    verify :4100, 1000ms",
    "    boot :5100, 4410ms",
    "```",
  ]);
  expect(phaseChart(failed)).toBeUndefined();
});

test("no name, message or console line becomes markup", () => {
  const evil = '</summary><img src=x onerror="y"> | [a](b) `c`\n# head\n```\n</details>';
  const [image] = flashed.images;
  if (image === undefined) throw new Error("no image");
  const app = { image: evil, offset: 0, project: evil, version: evil, elfSha256: evil };
  const evilBoard = {
    ...board,
    port: evil,
    result: { ...flashed, app, images: [{ ...image, name: evil }] },
    boot: { ...boot, reason: evil, resets: [{ cause: evil, count: 1 }] },
    bootLog: evil,
  };
  const outcomes = [
    { ...success, boards: [evilBoard] },
    { ...success, boards: [evilBoard, ...failed] },
    { durationMs: 1, boards: [], error: new FlashError("input/invalid", evil) },
  ];
  for (const markdown of outcomes.map(summaryMarkdown)) {
    const text = markdown.replaceAll(/^(```+)\w*\n[\s\S]*?^\1$/gm, "");
    const titles = /<summary>[^<]*<\/summary>/g;
    expect(text).not.toMatch(/<(?!br>|details>|details open>|\/details>|summary>|\/summary>)/);
    expect(text.replaceAll(titles, "")).not.toMatch(/(?<!\\)[[\]`]/);
    expect(text).not.toMatch(/^# head/m);
    expect(text.match(/<details/g)?.length ?? 0).toBe(text.match(titles)?.length ?? 0);
    for (const row of text.split("\n").filter((line) => line.startsWith("|"))) expect(row).toMatch(/ \|$/);
  }
});

test("console lines that look like the end of the block do not end it", () => {
  expect(codeBlock(["a", "````", "</details>\u001b[31m"])).toBe("`````\na\n````\n</details>\\x1b[31m\n`````");
});

test("a summary that the runner would drop loses its details, not its verdict", () => {
  const tail = Array.from({ length: 2000 }, () => "x".repeat(600));
  const markdown = summaryMarkdown({ ...success, boards: [{ ...board, boot: { ...boot, tail } }] });
  expect(markdown.length).toBeLessThan(2000);
  expect(markdown).toContain("### ✅ ESP32 flashed, verified, running");
  expect(markdown).toContain("too long for a summary");
});
