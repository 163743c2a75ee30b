import type { SeenApp } from "./report.js";

const fields = [
  ["project", "project"],
  ["version", "version"],
  ["elfSha256", "ELF SHA-256"],
] as const;

/** Builds that leave a field out print nothing or zeros. */
const isBlankField = (value: string): boolean => /^0*$/.test(value);

/** In words how `seen` is another app than `wanted`; `undefined` as far as nothing differs. */
export function differs(seen: SeenApp, wanted: SeenApp | undefined): string | undefined {
  for (const [field, name] of fields) {
    const is = seen[field];
    const should = wanted?.[field];
    if (is === undefined || should === undefined || isBlankField(is) || isBlankField(should)) continue;
    // A log shows only the first digits of the hash.
    const same = field === "elfSha256" ? should.startsWith(is) : is === should;
    if (!same) return `The board runs an app whose ${name} is ${is}, not ${should}.`;
  }
  return undefined;
}
