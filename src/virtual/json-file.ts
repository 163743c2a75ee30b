import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { FlashError } from "../base/errors.js";
import { ownPath } from "./own-path.js";

/** A JSON file that a board keeps from step to step. */
interface JsonFile {
  /** What is in it; `undefined` where there is no such file. Throws where it holds no JSON. */
  read(): unknown;
  /** Replaces it as a whole, so that neither a reader nor a killed process ever leaves half of it. */
  write(value: object): void;
}

function jsonFile(path: string): JsonFile {
  return {
    read() {
      try {
        return JSON.parse(readFileSync(ownPath(path), "utf8")) as unknown;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw thrown;
      }
    },
    write(value) {
      const whole = ownPath(`${path}.new`);
      writeFileSync(whole, `${JSON.stringify(value, null, 2)}\n`);
      renameSync(whole, path);
    },
  };
}

/** Runs `use`; what goes wrong with the file becomes `port/open-failed`. */
export function withJsonFile<Result>(path: string, use: (file: JsonFile) => Result): Result {
  try {
    return use(jsonFile(path));
  } catch (thrown) {
    const message = `The virtual board cannot keep its counters in ${path}: ${String(thrown)}`;
    throw new FlashError("port/open-failed", message, { path }, thrown);
  }
}
