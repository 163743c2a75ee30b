import { existsSync, readFileSync } from "node:fs";
import { defences } from "../../scripts/defences/table.mjs";

test.each(defences)("is where the table says: $name", ({ file, text, tests }) => {
  expect(readFileSync(file, "utf8")).toContain(text);
  expect(existsSync(`__tests__/attacks/${tests}.test.ts`)).toBe(true);
});
