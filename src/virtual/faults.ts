import { noise, noiseBytes } from "./noise.js";

/** What a board can be made to suffer. A new fault is a row here and its handling in `createFaults`. */
export const faultTable = {
  silent: { number: "none", meaning: "the chip sends nothing" },
  "run-mode": { number: "none", meaning: "IO0 is not connected: every reset boots from the flash" },
  "no-sync": { number: "none", meaning: "the chip hears nothing; what it prints arrives" },
  garbage: { number: "none", meaning: "every byte from the chip arrives as noise" },
  "noisy-above": { number: "baud rate", meaning: "above this rate some bytes arrive wrong, both ways" },
  "link-lost-byte": { number: "byte", meaning: "the link breaks once, at this byte from the host" },
  "link-lost-command": { number: "command", meaning: "the link breaks once, when the chip takes this command" },
  "reset-command": { number: "command", meaning: "the supply dips once and the chip resets, at this command" },
  "watchdog-command": { number: "command", meaning: "the chip's watchdog resets it once, at this command" },
  "stub-dies": { number: "command", meaning: "the stub hangs at its command of this number" },
  "write-fails": { number: "write", meaning: "this write to the flash is refused, once" },
  "sector-stuck": { number: "sector", meaning: "this sector does not erase" },
  "sector-worn": { number: "sector", meaning: "this sector erases, but for one bit that stays 0" },
  "bit-flip": { number: "sector", meaning: "the first write into this sector leaves one bit wrong" },
  "md5-wrong": { number: "MD5", meaning: "this MD5 reply is wrong, once" },
  "to-chip-flip": { number: "byte", meaning: "this byte from the host arrives with a bit flipped" },
  "to-chip-drop": { number: "byte", meaning: "this byte from the host does not arrive" },
  "to-chip-double": { number: "byte", meaning: "this byte from the host arrives twice" },
  "to-host-flip": { number: "byte", meaning: "this byte from the chip arrives with a bit flipped" },
  "to-host-drop": { number: "byte", meaning: "this byte from the chip does not arrive" },
  "to-host-double": { number: "byte", meaning: "this byte from the chip arrives twice" },
} as const satisfies Record<string, { readonly number: string; readonly meaning: string }>;

export type FaultName = keyof typeof faultTable;

/** Counted from 1, but sectors, which are counted from 0; ignored where the fault takes no number. */
export interface Fault {
  readonly name: FaultName;
  readonly number: number;
}

/** The faults of one board, asked where they strike. They count as they go. */
export interface Faults {
  toChip(bytes: Uint8Array, baud: number): Uint8Array;
  toHost(bytes: Uint8Array, baud: number): Uint8Array;
  /** Whether the link breaks within the next `lengthBytes` from the host, and after how many of them. */
  linkLostWithin(lengthBytes: number): number | undefined;
  /** What happens as the chip takes its next command. */
  commandFate(loader: "rom" | "stub"): "carried-out" | "hang" | "brownout" | "watchdog" | "link-lost";
  writeRefused(): boolean;
  staysUnerased(sector: number): boolean;
  /** Whether an erase of this sector leaves a bit at 0. */
  isWorn(sector: number): boolean;
  /** Whether a write into this sector leaves a bit wrong. */
  flipsBit(sector: number): boolean;
  md5Wrong(): boolean;
  readonly io0Cut: boolean;
}

type Damage = "flip" | "drop" | "double";
/** One byte in this many arrives wrong on a noisy line. Assumed. */
const NOISE_SPACING = 400;

export function createFaults(list: readonly Fault[], seed: number): Faults {
  const has = (name: FaultName): boolean => list.some((fault) => fault.name === name);
  const numbers = (name: FaultName): number[] =>
    list.filter((fault) => fault.name === name).map(({ number }) => number);
  /** A counter that says whether it has just reached one of the fault's numbers. */
  const strikes = (name: FaultName): (() => boolean) => {
    const at = numbers(name);
    let count = 0;
    return () => at.includes(++count);
  };

  const noisyAbove = Math.min(Infinity, ...numbers("noisy-above"));
  const linkLostAt = numbers("link-lost-byte");
  const flips = new Set(numbers("bit-flip"));
  const stuck = new Set(numbers("sector-stuck"));
  const worn = new Set(numbers("sector-worn"));
  const linkLostCommand = strikes("link-lost-command");
  const resetCommand = strikes("reset-command");
  const watchdogCommand = strikes("watchdog-command");
  const stubDies = strikes("stub-dies");
  const writeFails = strikes("write-fails");
  const md5Fails = strikes("md5-wrong");
  let hostBytes = 0;

  const damaged = (side: "to-chip" | "to-host"): ((bytes: Uint8Array, baud: number) => Uint8Array) => {
    const damages = new Map<number, Damage>(
      (["flip", "drop", "double"] as const).flatMap((damage) =>
        numbers(`${side}-${damage}`).map((number): [number, Damage] => [number, damage]),
      ),
    );
    let count = 0;
    return (bytes, baud) => {
      const from = count;
      count += bytes.length;
      const noisy = baud > noisyAbove;
      if (!noisy && damages.size === 0) return bytes;
      const result: number[] = [];
      bytes.forEach((byte, index) => {
        const damage = damages.get(from + index + 1);
        const wrong = noisy && noise(seed, from + index) % NOISE_SPACING === 0;
        if (damage !== "drop") result.push(damage === "flip" || wrong ? byte ^ 0x10 : byte);
        if (damage === "double") result.push(byte);
      });
      return Uint8Array.from(result);
    };
  };
  const damagedToChip = damaged("to-chip");
  const damagedToHost = damaged("to-host");
  let garbageTurn = 0;

  return {
    toChip: (bytes, baud) => (has("no-sync") ? new Uint8Array(0) : damagedToChip(bytes, baud)),
    toHost(bytes, baud) {
      if (has("silent")) return new Uint8Array(0);
      return has("garbage") ? noiseBytes(bytes.length, seed, garbageTurn++) : damagedToHost(bytes, baud);
    },
    linkLostWithin(lengthBytes) {
      const from = hostBytes;
      hostBytes += lengthBytes;
      const at = linkLostAt.find((number) => number > from && number <= hostBytes);
      return at === undefined ? undefined : at - from;
    },
    commandFate(loader) {
      const [linkLost, brownout, watchdog] = [linkLostCommand(), resetCommand(), watchdogCommand()];
      if (loader === "stub" && stubDies()) return "hang";
      if (brownout) return "brownout";
      if (watchdog) return "watchdog";
      return linkLost ? "link-lost" : "carried-out";
    },
    writeRefused: writeFails,
    staysUnerased: (sector) => stuck.has(sector),
    isWorn: (sector) => worn.has(sector),
    flipsBit: (sector) => flips.delete(sector),
    md5Wrong: md5Fails,
    io0Cut: has("run-mode"),
  };
}
