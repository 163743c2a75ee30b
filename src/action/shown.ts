import { redactUrl } from "../firmware/url.js";

const LONGEST_SHOWN = 120;

/** A value as an error shows it: quoted, one line, not endless, without credentials. */
export function shown(value: string): string {
  const text = /:\/\/.*[@?]/s.test(value) ? redactUrl(value) : value;
  return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}
