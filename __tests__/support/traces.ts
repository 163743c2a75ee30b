import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Recordings of esptool with a real mask ROM and stub; they stand beside the project and are not part of it. */
const directory = new URL("../../../shared/traces/", import.meta.url);

export const tracesAreHere = existsSync(directory);

export interface TraceEvent {
  readonly seconds: number;
  readonly what: "host" | "chip" | "reset";
  /** Bytes for `host` and `chip`, `download` or `run` for `reset`. */
  readonly bytes: Uint8Array;
  readonly mode: string;
}

export function traceNames(): string[] {
  if (!tracesAreHere) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => name.replace(".jsonl", ""));
}

export function readTrace(name: string): TraceEvent[] {
  const text = readFileSync(new URL(`${name}.jsonl`, directory), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [seconds, what, value] = JSON.parse(line) as [number, TraceEvent["what"], string];
      return { seconds, what, bytes: what === "reset" ? new Uint8Array(0) : Buffer.from(value, "hex"), mode: value };
    });
}

/** The frames in `bytes`, by a decoder that shares nothing with the engine's. */
export function framesIn(bytes: Uint8Array): Uint8Array[] {
  const text = Buffer.from(bytes).toString("latin1");
  return text
    .split("\xc0")
    .filter((part) => part !== "")
    .map((part) => Buffer.from(part.replaceAll("\xdb\xdc", "\xc0").replaceAll("\xdb\xdd", "\xdb"), "latin1"));
}
