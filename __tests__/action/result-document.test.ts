import { resultDocument } from "../../src/action/result-document.js";
import type { StepOutcome } from "../../src/action/outcome.js";
import { FlashError } from "../../src/base/errors.js";
import { bootVerdicts } from "../../src/monitor/report.js";
import { resultSchema, violations } from "../support/json-schema.js";
import { board, boot, failure, flashed, success } from "../support/outcomes.js";

function written(outcome: StepOutcome): unknown {
  return JSON.parse(JSON.stringify(resultDocument(outcome)));
}

/** All that a board can have at once. */
const whole: StepOutcome = {
  durationMs: 12_345.6,
  boards: [
    {
      ...board,
      result: { ...flashed, lostPartitions: ["nvs"], preservedPartitions: ["fctry"] },
      boot: { ...boot, verdict: "panic", panic: ["Guru Meditation Error"], missing: ["ready"] },
      bootLog: "/tmp/boot.log",
      leftAlone: false,
      error: new FlashError("boot/panic", "The app panicked.", { verdict: "panic", panic: ["Guru Meditation Error"] }),
    },
    { name: "/dev/ttyUSB1", durationMs: 0 },
  ],
  error: new FlashError("job/timeout", "The step took longer than 10 s.", { timeoutMs: 10_000, tries: true }),
};

test.each(Object.entries({ success, failure, whole, "no board": { durationMs: 0.4, boards: [] } }))(
  "%s has the published shape",
  (_, outcome) => {
    expect(violations(resultSchema, written(outcome))).toEqual([]);
  },
);

/** Every place where the schema lets a field stand, by its path. */
function fieldsOf(schema: typeof resultSchema, at = "result"): string[] {
  const target = typeof schema.$ref === "string" ? schema.$ref.replace("#/$defs/", "") : undefined;
  if (target !== undefined) return fieldsOf((resultSchema.$defs as Record<string, typeof schema>)[target] ?? {}, at);
  if (schema.items !== undefined) return fieldsOf(schema.items as typeof schema, `${at}[]`);
  const fields = Object.entries((schema.properties ?? {}) as Record<string, typeof schema>);
  return fields.length === 0 ? [at] : fields.flatMap(([name, field]) => fieldsOf(field, `${at}.${name}`));
}

function pathsOf(value: unknown, at = "result"): string[] {
  if (Array.isArray(value) && typeof value[0] === "object") return value.flatMap((item) => pathsOf(item, `${at}[]`));
  if (Array.isArray(value)) return [`${at}[]`];
  if (typeof value !== "object" || value === null || at.endsWith(".details")) return [at];
  return Object.entries(value).flatMap(([name, item]) => pathsOf(item, `${at}.${name}`));
}

test("the schema has no field that no result has", () => {
  expect(new Set(pathsOf(written(whole)))).toEqual(new Set(fieldsOf(resultSchema)));
});

test("a field that is not published, one of another type and a missing one are told", () => {
  const [first] = (written(success) as { boards: object[] }).boards;
  const document = { ok: "yes", durationMs: 1, boards: [{ ...first, surprise: 1 }] };
  expect(violations(resultSchema, document)).toEqual([
    "result.ok is no boolean",
    "result.boards[0].surprise is not in the schema",
  ]);
  expect(violations(resultSchema, { ok: true, durationMs: -1 })).toEqual([
    "result.boards is missing",
    "result.durationMs is below 0",
  ]);
});

test("every verdict is in the schema", () => {
  for (const verdict of bootVerdicts) {
    expect(
      violations(resultSchema, written({ ...success, boards: [{ ...board, boot: { ...boot, verdict } }] })),
    ).toEqual([]);
  }
});

test("a board is well if it was flashed or left alone without an error", () => {
  const boards = [board, { ...failure.boards[0], name: "b", durationMs: 1 }, { name: "c", durationMs: 1 }];
  const healthy = { name: "d", durationMs: 1, leftAlone: true };
  expect(written({ durationMs: 1, boards: [...boards, healthy] })).toMatchObject({
    ok: false,
    boards: [{ ok: true }, { ok: false }, { ok: false }, { ok: true, leftAlone: true }],
  });
});
