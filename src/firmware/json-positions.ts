/** Deep enough for any layout, and far from the end of the stack. */
const maxDepth = 64;

/** Where things stand in a JSON text, counted in characters. */
export interface JsonPositions {
  /** Where the text stops being JSON; undefined if it never does. */
  readonly errorAt: number | undefined;
  /** Where each value begins, by `pathKey`. */
  readonly valuesAt: ReadonlyMap<string, number>;
}

/** A path of keys and indexes as one key of a map. */
export function pathKey(path: readonly unknown[]): string {
  return JSON.stringify(path.map(String));
}

/** Reads a JSON text (RFC 8259) for its places only: `JSON.parse` tells them for some errors, and for no value. */
export function findPositions(text: string): JsonPositions {
  const valuesAt = new Map<string, number>();
  let at = 0;

  const skip = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const take = (sign: string): boolean => {
    skip(/[ \t\r\n]*/y);
    if (text[at] !== sign) return false;
    at++;
    return true;
  };

  /** Members up to the closing sign; each of these functions says whether all was well up to `at`. */
  const members = (close: string, member: (index: number) => boolean): boolean => {
    if (take(close)) return true;
    for (let index = 0; ; index++) {
      if (!member(index)) return false;
      if (take(close)) return true;
      if (!take(",")) return false;
    }
  };
  const property = (path: readonly unknown[]): boolean => {
    skip(/[ \t\r\n]*/y);
    const start = at;
    const key = skip(stringPattern);
    // A string of the right form always parses.
    return key === undefined ? fail(start) : take(":") && value([...path, JSON.parse(key)]);
  };
  const fail = (place: number): boolean => {
    at = place;
    return false;
  };
  const value = (path: readonly unknown[]): boolean => {
    skip(/[ \t\r\n]*/y);
    valuesAt.set(pathKey(path), at);
    if (path.length > maxDepth) return false;
    if (take("{")) return members("}", () => property(path));
    if (take("[")) return members("]", (index) => value([...path, index]));
    return skip(stringPattern) !== undefined || skip(literalPattern) !== undefined;
  };

  const isWhole = value([]) && (skip(/[ \t\r\n]*/y), at === text.length);
  return { errorAt: isWhole ? undefined : at, valuesAt };
}

/** Control characters beyond those that JSON forbids have no place in a layout either. */
const stringPattern = /"(?:[^"\\\p{Cc}]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/uy;
const literalPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
