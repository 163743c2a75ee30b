import * as v from "valibot";

/** What an input may hold, and what it becomes. The text is trimmed already. */
export type TextSchema<Value> = v.GenericSchema<string, Value>;

const MAX_ADDRESS = 0xffffffff;
/** A job on a self-hosted runner may last days, a flash never does. */
const MAX_TIMEOUT_S = 24 * 60 * 60;

export const oneLine = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check((text) => !/\p{Cc}/u.test(text)),
);

/** Empty is undefined. */
export const optional = <Value>(schema: TextSchema<Value>): TextSchema<Value | undefined> =>
  v.union([
    v.pipe(
      v.literal(""),
      v.transform(() => undefined),
    ),
    schema,
  ]);

export const wholeNumber = (lowest: number, highest: number): TextSchema<number> =>
  v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(lowest), v.maxValue(highest));

// The spellings of YAML's core schema, which is what GitHub's own actions take.
export const boolean = v.pipe(
  v.picklist(["true", "True", "TRUE", "false", "False", "FALSE"]),
  v.transform((text) => text.toLowerCase() === "true"),
);

export const address = v.pipe(
  v.string(),
  v.regex(/^(0x[0-9a-f]+|\d+)$/i),
  v.transform(Number),
  v.minValue(0),
  v.maxValue(MAX_ADDRESS),
);

export const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i), v.toLowerCase());

/** Seconds or minutes, as milliseconds. */
export const duration = (lowestS: number): TextSchema<number> =>
  v.pipe(
    v.string(),
    v.regex(/^\d+[sm]?$/),
    v.transform((text) => Number.parseInt(text, 10) * (text.endsWith("m") ? 60 : 1)),
    v.minValue(lowestS),
    v.maxValue(MAX_TIMEOUT_S),
    v.transform((seconds) => seconds * 1000),
  );

/** Words between commas, blanks and line ends, each of which `item` takes. */
export const words = <Item>(item: TextSchema<Item>): TextSchema<readonly Item[]> =>
  v.pipe(
    v.string(),
    v.transform((text) => text.split(/[\s,]+/).filter((word) => word !== "")),
    v.array(item),
  );

/** One of `values` in any case, as it stands there. */
export const oneOf = (values: readonly string[]): TextSchema<string> =>
  v.pipe(
    v.string(),
    v.transform((text) => values.find((value) => value.toLowerCase() === text.toLowerCase()) ?? ""),
    v.nonEmpty(),
  );
