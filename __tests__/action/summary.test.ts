import { summaryMarkdown } from "../../src/action/summary.js";
import { FlashError } from "../../src/base/errors.js";
import { board, failure, flashed, success } from "../support/outcomes.js";

test("a success has its images, the board and the phases", () => {
  const markdown = summaryMarkdown(success);
  expect(markdown).toContain("### ✅ ESP32 flashed, verified");
  expect(markdown).toContain(`| app.bin | 0x00001000 | 1,247,280 bytes | 1,247,280 bytes | ${"cd".repeat(16)} |`);
  expect(markdown).toContain("| MAC | 4c:11:ae:b9:90:54 |");
  expect(markdown).toContain("| Flash | 4MB (id c84016) |");
  expect(markdown).toContain("| connect | 412 ms |");
  expect(markdown).toContain("| write | 8.9 s |");
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

test("a failure has its code, the message and the way out", () => {
  const markdown = summaryMarkdown(failure);
  expect(markdown).toContain("### ❌ ESP32 flash failed: chip/mismatch");
  expect(markdown).toContain("The board has an ESP32-C3, not an ESP32.");
  expect(markdown).toContain("**Way out:** Check which board is at this port");
  expect(markdown).toContain("| Port | /dev/ttyUSB0 |");
});

test("no name and no message becomes markup", () => {
  const evil = '<img src=x onerror="y"> | [a](b) `c`\n# head';
  const [image] = flashed.images;
  if (image === undefined) throw new Error("no image");
  const outcomes = [
    { ...success, boards: [{ ...board, result: { ...flashed, images: [{ ...image, name: evil }] } }] },
    { ...failure, boards: [{ ...board, port: evil, error: new FlashError("input/invalid", evil) }] },
  ];
  for (const markdown of outcomes.map(summaryMarkdown)) {
    expect(markdown).not.toMatch(/<(?!br>)/);
    expect(markdown).not.toMatch(/(?<!\\)[[\]`]/);
    expect(markdown).not.toMatch(/^# head/m);
    for (const row of markdown.split("\n").filter((line) => line.startsWith("|"))) expect(row).toMatch(/ \|$/);
  }
});
