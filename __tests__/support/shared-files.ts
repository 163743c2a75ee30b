import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const shared = path.resolve(import.meta.dirname, "../../../shared");

/** Bytes of a file of the folder beside the project, or `undefined` where that folder is not there. */
export function sharedFile(...parts: readonly string[]): Uint8Array | undefined {
  const file = path.join(shared, ...parts);
  return existsSync(file) ? new Uint8Array(readFileSync(file)) : undefined;
}

/** `test`, or `test.skip` with the reason in its name where the folder beside the project is missing. */
export function testWithShared(name: string, parts: readonly string[], run: (bytes: Uint8Array) => void): void {
  const bytes = sharedFile(...parts);
  if (bytes === undefined) {
    test.skip(`${name} (skipped: ../shared/${parts.join("/")} is not here)`, () => undefined);
  } else {
    test(name, () => run(bytes));
  }
}
