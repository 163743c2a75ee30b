import { existsSync, readFileSync } from "node:fs";

const text = readFileSync("SECURITY.md", "utf8");

test("each claim of SECURITY.md names tests that are there", () => {
  const [, claims = ""] = text.split("## Who could do what");
  const lists = claims.split("## Advice")[0]?.matchAll(/\(((?:`[\w/-]+`(?:,\s)?)+)\)/g) ?? [];
  const names = Array.from(lists, ([, list = ""]) => list.split(/,\s/).map((name) => name.replaceAll("`", ""))).flat();

  expect(names.length).toBeGreaterThan(15);
  const places = (name: string): string[] => ["", "attacks/"].map((folder) => `__tests__/${folder}${name}`);
  const isThere = (name: string): boolean =>
    places(name).some((place) => existsSync(place) || existsSync(`${place}.test.ts`));
  expect(names.filter((name) => !isThere(name))).toEqual([]);
});
