import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileBaudMemory } from "../../src/flash/baud-memory.js";

const MAC = "4c:11:ae:b9:90:54";
const DAY_MS = 24 * 3600 * 1000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "baud-memory-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string): void => writeFileSync(path.join(folder, "4c11aeb99054.baud"), text);

test("a rate is remembered for its board alone, in a folder that may have to be made", () => {
  const below = path.join(folder, "notes", "boards");
  const memory = fileBaudMemory(below);
  expect(memory.recall(MAC)).toBeUndefined();
  memory.note(MAC, { baud: 460_800, byRom: true });
  memory.note(MAC, { baud: 230_400, byRom: false });
  expect(fileBaudMemory(below).recall(MAC)).toEqual({ baud: 230_400, byRom: false });
  expect(memory.recall("4c:11:ae:b9:90:55")).toBeUndefined();
  expect(readdirSync(below)).toEqual(["4c11aeb99054.baud"]);
});

test("after a month the cable may be another one", () => {
  const memory = fileBaudMemory(folder);
  write(JSON.stringify({ baud: 115_200, atMs: Date.now() - 29 * DAY_MS }));
  expect(memory.recall(MAC)).toEqual({ baud: 115_200, byRom: true });
  write(JSON.stringify({ baud: 115_200, atMs: Date.now() - 31 * DAY_MS }));
  expect(memory.recall(MAC)).toBeUndefined();
});

test.each([
  "",
  "{",
  "null",
  "7",
  '{"baud":"115200","atMs":99999999999999}',
  '{"baud":115200}',
  '{"baud":115200,"atMs":"now"}',
  '{"baud":"115200","atMs":4102444800000}',
  '{"baud":1152.5,"atMs":4102444800000}',
  '{"baud":-9600,"atMs":4102444800000}',
  '{"baud":0,"atMs":4102444800000}',
])("a note that reads %s counts as none", (text) => {
  write(text);
  expect(fileBaudMemory(folder).recall(MAC)).toBeUndefined();
});
