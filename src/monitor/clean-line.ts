/** A line as it can be shown and searched. */
export interface CleanLine {
  /** Without escape sequences, control bytes and what is not UTF-8; empty where too little of it can be read. */
  readonly text: string;
  /** Bytes that no text has: control bytes, NUL, broken UTF-8. */
  readonly noiseBytes: number;
}

// ECMA-48: CSI and OSC sequences, and the two-byte ones.
// eslint-disable-next-line no-control-regex
const escapes = /\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g;
/** Control characters that terminals act on; they are dropped without being taken for noise. */
// eslint-disable-next-line no-control-regex
const silentControls = /[\x07\b\x1b]/g;
// eslint-disable-next-line no-control-regex
const noise = /[\0-\x08\x0b-\x1f\x7f\ufffd]/g;
/** At a wrong baud rate hardly half of the bytes are letters; text with a few broken bytes has far more. */
const LEAST_READABLE = 0.7;

/** Cleans one line, given without its end. */
export function cleanLine(bytes: Uint8Array): CleanLine {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  const visible = raw.replace(escapes, "").replace(silentControls, "");
  const text = visible.replace(noise, "");
  const noiseBytes = visible.length - text.length;
  const readable = text.length >= LEAST_READABLE * visible.length;
  return { text: readable ? text.trimEnd() : "", noiseBytes: readable ? noiseBytes : bytes.length };
}
