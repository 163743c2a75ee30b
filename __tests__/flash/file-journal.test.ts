import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../support/code-of.js";
import { fileJournal } from "../../src/flash/file-journal.js";

const MAC = "4c:11:ae:b9:90:54";
const plan = [{ offset: 0x1000, lengthBytes: 0x100000 }];
const underWay = [{ offset: 0x8000, lengthBytes: 0x2000 }];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe("the note about unfinished work", () => {
  test("a board without a note has no suspects", () => {
    expect(fileJournal(directory).suspects(MAC)).toEqual([]);
  });

  test("a later process finds what was under way when the first one died", () => {
    const first = fileJournal(directory);
    first.open(MAC, plan, []);
    first.mark(MAC, underWay);
    expect(fileJournal(directory).suspects(MAC)).toEqual(underWay);
    expect(fileJournal(directory).suspects("24:0a:c4:00:00:01")).toEqual([]);
  });

  test("suspects of an earlier run stay noted while a new one has only begun", () => {
    fileJournal(directory).open(MAC, plan, underWay);
    expect(fileJournal(directory).suspects(MAC)).toEqual(underWay);
  });

  test("after the host itself went down, the whole plan is suspect: the last marks may not have reached the disk", () => {
    const first = fileJournal(directory);
    first.open(MAC, plan, []);
    first.mark(MAC, underWay);
    const [name] = readdirSync(directory);
    const path = join(directory, name ?? "");
    const note = JSON.parse(readFileSync(path, "utf8")) as { boot: string };
    writeFileSync(path, JSON.stringify({ ...note, boot: "an earlier start" }));
    expect(fileJournal(directory).suspects(MAC)).toEqual(plan);
  });

  test("an ended job leaves no file", () => {
    const journal = fileJournal(directory);
    journal.open(MAC, plan, []);
    journal.clear(MAC);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("a damaged note is an error that names the file, never an empty note", () => {
    const journal = fileJournal(directory);
    journal.open(MAC, plan, []);
    const [name] = readdirSync(directory);
    writeFileSync(join(directory, name ?? ""), '{"planned": 7');
    expect(codeOf(() => journal.suspects(MAC))).toBe("job/state");
  });

  test("a directory that cannot be written is an error before anything is erased", () => {
    writeFileSync(join(directory, "file"), "");
    expect(codeOf(() => fileJournal(join(directory, "file", "notes")).open(MAC, plan, []))).toBe("job/state");
  });
});
