import fc from "fast-check";
import { findPositions, pathKey } from "../../src/firmware/json-positions.js";

test.each([
  ["{,}", 1],
  ['{"a":1,}', 7],
  ['{"a" 1}', 5],
  ["[1 2]", 3],
  ["[1,", 3],
  ["", 0],
  ["{} x", 3],
  ['{"a":"b\\x"}', 5],
  ["[01]", 2],
])("%s stops being JSON at %d", (text, at) => {
  expect(findPositions(text).errorAt).toBe(at);
});

test("values are found by their paths", () => {
  const { errorAt, valuesAt } = findPositions(' {"a": [1, {"b.c": true}]}');
  expect(errorAt).toBeUndefined();
  expect(valuesAt.get(pathKey(["a", 1, "b.c"]))).toBe(19);
  expect(valuesAt.get(pathKey([]))).toBe(1);
});

test("what is JSON is so for JSON.parse too, and the other way round", () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const sign = fc.constantFrom(...Array.from('{}[],:"\\/ truefalsn0123-+.eE\n'), "é");
  const text = fc.oneof(
    fc.json({ maxDepth: 5 }),
    fc.array(sign, { maxLength: 12 }).map((signs) => signs.join("")),
  );
  const cut = fc.tuple(text, fc.nat(), sign).map(([whole, at, other]) => {
    const place = whole.length === 0 ? 0 : at % whole.length;
    return whole.slice(0, place) + other + whole.slice(place + 1);
  });
  fc.assert(
    fc.property(fc.oneof(text, cut), (candidate) => {
      fc.pre(!/[\p{Cc}]/u.test(candidate.replace(/[\t\r\n]/g, "")));
      expect(findPositions(candidate).errorAt === undefined).toBe(isJson(candidate));
    }),
    { numRuns: 2000 },
  );
});

test("a text nested without end is refused and does no harm", () => {
  expect(findPositions("[".repeat(1_000_000)).errorAt).toBe(65);
});
