import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createBench } from "../support/board-bench.js";
import { codeOf } from "../support/code-of.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stats-file-"));
  file = path.join(folder, "stats.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stats = (): unknown => JSON.parse(readFileSync(file, "utf8"));

test("tells who reset the board, and adds up over all boards that use the file", async () => {
  const first = createBench({ statsFile: file });
  await first.pass(10);
  await first.intoRom();
  await first.reset("run");
  await first.pass(10);
  expect(stats()).toMatchObject({ powerOns: 1, resets: 2, ownResets: 0, loaderEntries: 1 });
  first.board.close();

  const second = createBench({ statsFile: file, invalidHeader: "printed" });
  await second.pass(1000);
  const loops = Buffer.from(second.heard()).toString("latin1").split("TG0WDT").length - 1;
  second.board.close();
  expect(loops).toBeGreaterThan(1);
  expect(stats()).toMatchObject({ powerOns: 2, resets: 2, ownResets: loops, loaderEntries: 1 });
});

test("a board whose boots are counted in a file that holds something else says so", () => {
  const flashFile = path.join(folder, "flash.bin");
  writeFileSync(`${flashFile}.boots.json`, '{"an app":"often"}');
  expect(codeOf(() => createBench({ flashFile }))).toBe("port/open-failed");
});

test.each(["no JSON", "{}", '{"powerOns":"many"}'])("a file that holds %s is left as it is", (content) => {
  writeFileSync(file, content);
  expect(codeOf(() => createBench({ statsFile: file }))).toBe("port/open-failed");
  expect(readFileSync(file, "utf8")).toBe(content);
});
