import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SECTOR_BYTES } from "../../src/flash/desired.js";
import { fileBaudMemory } from "../../src/flash/baud-memory.js";
import { fileJournal } from "../../src/flash/file-journal.js";
import { readUrlRecord } from "../../src/firmware/url-record.js";
import { boardHealth, describeWedged } from "../../src/ports/board-health.js";
import { knownBoards, rememberedPorts } from "../../src/ports/known-boards.js";
import { describeOwner, readOwner } from "../../src/ports/lock-owner.js";
import { portInfo } from "../../src/ports/port-info.js";
import { corpusOf } from "./fuzz-corpus.js";
import type { FuzzTarget } from "./fuzz.js";

const MAC = "4c:11:ae:b9:90:54";
const FLASH_LIMIT = 2 ** 32;

/** Where the notes of this process lie. */
const folder = mkdtempSync(path.join(tmpdir(), "flash-fuzz-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

function journal(directory: string): void {
  for (const { offset, lengthBytes } of fileJournal(directory).suspects(MAC)) {
    const isSound = offset >= 0 && lengthBytes >= 0 && offset + lengthBytes <= FLASH_LIMIT;
    const isWhole = offset % SECTOR_BYTES === 0 && lengthBytes % SECTOR_BYTES === 0;
    if (!isSound || !isWhole) throw new Error(`it would erase ${lengthBytes} bytes at ${offset}`);
  }
}

function known(directory: string): void {
  const usb = { vendorId: 0x10c4, productId: 0xea60, location: "1-1.2", interface: "1.0", serial: "0001" };
  rememberedPorts(MAC, knownBoards(directory), [portInfo("/dev/ttyUSB0", [], usb)]);
}

function checkText(text: string | undefined): void {
  if (text !== undefined && typeof text !== "string") throw new Error("it is no text");
}

/** A note with fuzzed content at `file`, and what reads it. */
function target(name: string, file: string, read: (directory: string) => void): FuzzTarget {
  const directory = path.join(folder, name);
  const note = path.join(directory, file);
  const parse = (bytes: Uint8Array): void => {
    mkdirSync(path.dirname(note), { recursive: true });
    writeFileSync(note, bytes);
    read(directory);
  };
  return { name, isPlaced: false, seeds: corpusOf(name), parse };
}

const url = new URL("https://example.com/app.bin");
const urlName = createHash("sha256").update(url.href).digest("hex");

/** Whatever reads what this or another job has left on the runner. */
export const noteTargets: readonly FuzzTarget[] = [
  target("journal", "4c11aeb99054.json", journal),
  target("lock-owner", "board.owner.json", (directory) =>
    checkText(describeOwner(readOwner(path.join(directory, "board.owner.json")))),
  ),
  target("board-health", "board.health.json", (directory) =>
    checkText(describeWedged(boardHealth(directory, "board"))),
  ),
  target("known-boards", "4c11aeb99054.json", known),
  target("baud-memory", "4c11aeb99054.baud", (directory) => {
    const { baud } = fileBaudMemory(directory).recall(MAC) ?? { baud: 115_200 };
    if (!(baud > 0 && baud < Infinity)) throw new Error("it is no rate");
  }),
  target("url-record", path.join("urls", `${urlName}.json`), (directory) => {
    const { sha256 = "" } = readUrlRecord(directory, url) ?? {};
    if (!/^[0-9a-f]*$/.test(sha256)) throw new Error("it is no digest");
  }),
];
