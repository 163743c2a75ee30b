import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../support/code-of.js";
import { fileJournal } from "../../src/flash/file-journal.js";
import type { FlashRange } from "../../src/flash/job.js";

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

  test.each(["", "null", "7", '{"planned": 7', "{}", '{"planned":[]}', '{"planned":[],"underWay":7}'])(
    "a damaged note is an error that names the file and the way out, never an empty note: %s",
    (text) => {
      const journal = fileJournal(directory);
      const path = join(directory, "4c11aeb99054.json");
      writeFileSync(path, text);
      expect(codeOf(() => journal.suspects(MAC))).toBe("job/state");
      expect(() => journal.suspects(MAC)).toThrow(`${path}. Delete it and use \`erase: all\`.`);
    },
  );

  const withNote = (ranges: readonly unknown[], marked: readonly unknown[]): (() => readonly FlashRange[]) => {
    const note = { mac: MAC, boot: "any", planned: ranges, underWay: marked };
    writeFileSync(join(directory, "4c11aeb99054.json"), JSON.stringify(note));
    return () => fileJournal(directory).suspects(MAC);
  };
  const good = { offset: 0x1000, lengthBytes: 0x1000 };

  test.each([
    null,
    7,
    { offset: 0 },
    { lengthBytes: 0x1000 },
    { offset: "0", lengthBytes: 0x1000 },
    { offset: 0x800, lengthBytes: 0x1000 },
    { offset: 0, lengthBytes: 0x1001 },
    { offset: 0.5, lengthBytes: 0x1000 },
    { offset: -0x1000, lengthBytes: 0x1000 },
    { offset: 0x2000, lengthBytes: -0x1000 },
    { offset: 0xffff_f000, lengthBytes: 0x2000 },
  ])("a range that is none makes a damaged note, wherever it stands: %j", (range) => {
    expect(codeOf(withNote([good, range], [good]))).toBe("job/state");
    expect(codeOf(withNote([good], [good, range]))).toBe("job/state");
  });

  test("whole sectors up to the last one that has an address are ranges, also where there are none", () => {
    const ranges = [good, { offset: 0, lengthBytes: 0 }, { offset: 0xffff_f000, lengthBytes: 0x1000 }];
    expect(withNote(ranges, [good])()).toEqual(ranges);
  });

  test("a note that cannot be read is an error, not a board without one", () => {
    mkdirSync(join(directory, "4c11aeb99054.json"));
    expect(codeOf(() => fileJournal(directory).suspects(MAC))).toBe("job/state");
    expect(() => fileJournal(directory).suspects(MAC)).toThrow(`The note about board ${MAC} cannot be read: `);
  });

  test("what was marked last counts, and the plan stays as it was noted", () => {
    const journal = fileJournal(directory);
    journal.open(MAC, plan, underWay);
    journal.mark(MAC, []);
    expect(fileJournal(directory).suspects(MAC)).toEqual([]);
    const note = JSON.parse(readFileSync(join(directory, "4c11aeb99054.json"), "utf8")) as object;
    expect(note).toMatchObject({ mac: MAC, planned: plan, underWay: [] });
    expect(readdirSync(directory)).toHaveLength(1);
  });

  const onLinux = process.platform === "linux" ? test : test.skip;
  onLinux("the note says which start of the host wrote it, and no file stays open", () => {
    const journal = fileJournal(directory);
    const lowestFree = (): number => {
      const file = openSync(directory, "r");
      closeSync(file);
      return file;
    };
    const before = lowestFree();
    journal.open(MAC, plan, []);
    journal.mark(MAC, underWay);
    expect(lowestFree()).toBe(before);
    const note = JSON.parse(readFileSync(join(directory, "4c11aeb99054.json"), "utf8")) as { boot: string };
    expect(note.boot).toBe(readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  });

  test("two boards have a note each, also where one process works on both", () => {
    const journal = fileJournal(directory);
    const other = "24:0a:c4:00:00:01";
    journal.open(MAC, plan, []);
    journal.open(other, [], []);
    journal.mark(MAC, underWay);
    journal.clear(other);
    expect(fileJournal(directory).suspects(MAC)).toEqual(underWay);
    expect(fileJournal(directory).suspects(other)).toEqual([]);
  });

  test("the folder is made where it is missing, and notes about rates lie beside", () => {
    const journal = fileJournal(join(directory, "not", "yet"));
    expect(journal.suspects(MAC)).toEqual([]);
    journal.clear(MAC);
    journal.open(MAC, plan, underWay);
    expect(journal.suspects(MAC)).toEqual(underWay);
    journal.bauds?.note(MAC, { baud: 460_800, byRom: true });
    expect(fileJournal(join(directory, "not", "yet")).bauds?.recall(MAC)?.baud).toBe(460_800);
  });

  test("a directory that cannot be written is an error before anything is erased", () => {
    writeFileSync(join(directory, "file"), "");
    const journal = fileJournal(join(directory, "file", "notes"));
    expect(codeOf(() => journal.open(MAC, plan, []))).toBe("job/state");
    expect(() => journal.open(MAC, plan, [])).toThrow(/^The note about board 4c:11:ae:b9:90:54 cannot be written: E/);
  });
});
