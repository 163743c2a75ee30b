import { toFlashError } from "../base/errors.js";
import { checkPort } from "../open-transport.js";
import { parsePortSelector } from "../ports/selector.js";
import { shown } from "./shown.js";

/** What is wrong with the name of a board's port: neither a selector nor a kind of port that can be opened. */
export function portProblems(port: string): readonly string[] {
  try {
    if (parsePortSelector(port) === undefined) checkPort(port);
    return [];
  } catch (thrown) {
    return [`${toFlashError(thrown).message} (it is ${shown(port)})`];
  }
}
