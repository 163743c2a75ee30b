import { join } from "node:path";
import { fileJournal } from "../flash/file-journal.js";
import { noJournal } from "../flash/journal.js";
import type { Journal } from "../flash/journal.js";
import { lockNameOfRemote } from "./claim-board.js";
import { notesDirectory } from "./host.js";
import type { Host } from "./host.js";

/**
 * Where unfinished work on the board at `port` is noted: by its MAC. Virtual boards may share one, so each flash file has
 * notes of its own, and a board that ends with its step has none.
 */
export function boardJournal(env: Host["env"], port: string): Journal {
  const folder = notesDirectory(env, "boards");
  if (!port.startsWith("virtual:")) return fileJournal(folder);
  const name = lockNameOfRemote(port);
  return name === undefined ? noJournal : fileJournal(join(folder, name));
}
