import type { ChipName } from "../chips/index.js";
import type { ResetStep } from "../device/reset-sequence.js";
import type { EraseRegion } from "../flash/erase-job.js";
import type { AfterMode, Allowance, BeforeMode, EraseMode } from "../flash/job.js";
import type { LinePattern } from "../monitor/line-pattern.js";
import type { FileLine } from "./file-lines.js";
import type { MappedFirmware } from "./input-firmware-map.js";
import type { PortLine } from "./port-line.js";

export const lockModes = ["job", "step", "off"] as const;
/** How long a board is this job's: until its `post` step, or only while the step works on it. */
type LockMode = (typeof lockModes)[number];

export const resetMethods = ["rts", "usb", "sequence", "power-cycle", "watchdog"] as const;
/** How a board is started again; all but `watchdog` need no loader. */
export type ResetMethod = (typeof resetMethods)[number];

export const boardStates = ["locked", "wedged"] as const;
/** Why a board may be of no use: another job has it, or several jobs in a row failed on it. */
type BoardState = (typeof boardStates)[number];

export const switches = ["on", "off"] as const;
type Switch = (typeof switches)[number];

export const flashTimes = ["always", "unhealthy"] as const;
type FlashWhen = (typeof flashTimes)[number];

/** What the inputs of this action and its sub-actions ask for, checked. */
export interface InputValues {
  /** For what works on one board: a selector of this machine's ports, or the address of a board elsewhere. */
  readonly port: string;
  /** For what works on several; at least one. */
  readonly ports: readonly PortLine[];
  /** The first board that fails stops those that are not being changed. */
  readonly failFast: boolean;
  /** Most boards that are worked on at a time; 0 is all. */
  readonly maxParallel: number;
  /** Lower case, colons. */
  readonly expectMac: string | undefined;
  readonly waitForPortMs: number;
  readonly lock: LockMode;
  readonly lockTimeoutMs: number;
  /** `undefined`: the folder that all users of the machine share. */
  readonly lockDir: string | undefined;
  /** A program and its arguments. */
  readonly powerCycle: readonly [string, ...string[]] | undefined;
  readonly chip: ChipName | "auto";
  /** This, or `files` or `firmwareMap` has at least one item. */
  readonly firmwareUrl: string | undefined;
  readonly offset: number | undefined;
  /** 64 lower-case hex digits. */
  readonly sha256: string | undefined;
  /** Each with its place. */
  readonly files: readonly FileLine[];
  /** Goes before all other firmware on the boards that it names. */
  readonly firmwareMap: readonly MappedFirmware[];
  readonly token: string | undefined;
  /** `keep`, or as esptool writes it: `dio`. */
  readonly flashMode: string;
  readonly flashFreq: string;
  /** `detect` too. */
  readonly flashSize: string;
  readonly baud: number | "auto";
  readonly erase: EraseMode;
  /** Names of partitions. */
  readonly preserve: readonly string[];
  readonly keepGaps: boolean;
  readonly before: BeforeMode;
  readonly after: AfterMode;
  /** Instead of the usual sequences that put a board into download mode. */
  readonly resetSequence: readonly ResetStep[] | undefined;
  readonly stub: boolean;
  readonly compress: boolean;
  readonly connectAttempts: number;
  readonly timeoutMs: number;
  /** Whether the board is watched after its last reset. */
  readonly bootCheck: Switch;
  /** `undefined`: the console is at the port that is flashed by. */
  readonly consolePort: string | undefined;
  /** Of the app, in bits a second. */
  readonly consoleBaud: number;
  /** Have to come, in this order. */
  readonly expect: readonly LinePattern[];
  readonly failOn: readonly LinePattern[];
  /** An app has to be seen until then. */
  readonly bootTimeoutMs: number;
  /** An app that was seen has to stay up for this long. */
  readonly settleMs: number;
  /** Path of the ELF file that names the functions of a panic. */
  readonly elf: string | undefined;
  /** `unhealthy`: only a board that does not run the right app is flashed. */
  readonly when: FlashWhen;
  /** What is in place is erased and written, too. */
  readonly rewrite: boolean;
  readonly allow: ReadonlySet<Allowance>;
  readonly dryRun: boolean;
  /** Where the JUnit report goes: absolute, or relative to the workspace. */
  readonly junit: string | undefined;
  /** What to erase. */
  readonly regions: "all" | readonly EraseRegion[];
  /** Name of the partition to read. */
  readonly partition: string | undefined;
  /** How much to read; `undefined`: all from `offset` on. */
  readonly lengthBytes: number | undefined;
  /** Where what is read goes: a path, relative to the workspace. */
  readonly file: string;
  /** How the board is reset. */
  readonly method: ResetMethod;
  /** Whether the board is reset when listening has begun. */
  readonly reset: boolean;
  /** Lines for the board, without their ends. */
  readonly send: readonly string[];
  readonly listenMs: number;
  /** Boards that the matrix leaves out. */
  readonly skip: readonly BoardState[];
}
