import { FlashError } from "../../src/base/errors.js";
import type { Board } from "../../src/virtual/board.js";
import type { Dice } from "./dice.js";
import type { Damage, Direction } from "./direction.js";
import type { Place } from "./place.js";

/** What a fault can reach: the place and what is plugged in there. */
export interface Rig {
  readonly place: Place;
  readonly board: Board;
  /** A board of the same chip with another MAC. */
  readonly otherBoard: Board;
  /** Calls back after `delayMs`. */
  readonly later: (delayMs: number, act: () => void) => void;
  readonly dice: Dice;
  /** Bytes that the job roughly sends, and how long it roughly takes. */
  readonly expected: { readonly sentBytes: number; readonly durationMs: number };
  /** Calls back when the job has learnt the board's MAC. */
  readonly whenIdentified: (act: () => void) => void;
  /** Cancels the job, as the runner or the step's time would. */
  abort(reason: FlashError): void;
}

/** One row of the campaign: something that happens to a board, its link or its job. */
export interface FaultKind {
  readonly about: string;
  /** Faults of the board itself, by their names in its URL. `sectors`: those that the job writes. */
  readonly inBoard?: (dice: Dice, sectors: readonly number[]) => readonly string[];
  /** Arranges what will happen from outside. */
  readonly arrange?: (rig: Rig) => void;
  /** The fault outlasts the run: it is gone only when the board's faults are. */
  readonly lasts?: true;
  /** Passes by itself or is worked around: the job has to end verified. */
  readonly passes?: true;
}

const several = (dice: Dice, most: number, make: () => string): readonly string[] =>
  Array.from({ length: dice.between(1, most) }, make);

/** At some moment of the job: at a byte of either direction or at a time, as faults fall into all of its phases. */
function atSomeMoment({ place, later, dice, expected }: Rig, act: () => void): void {
  const what = dice.below(3);
  if (what === 0) place.toChip.before(dice.between(1, expected.sentBytes), act);
  else if (what === 1) place.toHost.before(dice.between(1, 6000), act);
  else later(dice.below(expected.durationMs), act);
}

const damage =
  (side: "toChip" | "toHost", kind: Damage): ((rig: Rig) => void) =>
  ({ place, dice, expected }) => {
    const range = side === "toChip" ? expected.sentBytes : 6000;
    for (let left = dice.between(1, 3); left > 0; left--) place[side].damage(dice.between(1, range), kind);
  };

const burst =
  (side: "toChip" | "toHost"): ((rig: Rig) => void) =>
  ({ place, dice, expected }) => {
    const first = dice.between(1, side === "toChip" ? expected.sentBytes : 6000);
    const lengthBytes = dice.between(2, 400);
    for (let byte = first; byte < first + lengthBytes; byte++) place[side].damage(byte, "noise");
  };

const delay =
  (side: "toChip" | "toHost"): ((rig: Rig) => void) =>
  (rig) => {
    for (let left = rig.dice.between(1, 4); left > 0; left--) {
      const direction: Direction = rig.place[side];
      atSomeMoment(rig, () => direction.hold(rig.dice.between(10, 2500)));
    }
  };

function replug(rig: Rig, awayMs: number, power: "lost" | "kept"): void {
  const { place, board, later } = rig;
  place.unplug();
  if (power === "lost") board.powerLost();
  later(awayMs, () => {
    if (power === "lost") board.powerCycle();
    place.plugIn(board);
  });
}

const CHATTER = "ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n";

/** All kinds, by the name that `--kind` takes. */
export const faultKinds = {
  none: { about: "nothing happens", passes: true },
  "drop-to-chip": { about: "1 to 3 bytes to the chip are lost", arrange: damage("toChip", "drop"), passes: true },
  "drop-to-host": { about: "1 to 3 bytes to the host are lost", arrange: damage("toHost", "drop"), passes: true },
  "flip-to-chip": { about: "a bit of 1 to 3 bytes to the chip flips", arrange: damage("toChip", "flip"), passes: true },
  "flip-to-host": { about: "a bit of 1 to 3 bytes to the host flips", arrange: damage("toHost", "flip"), passes: true },
  "double-to-chip": { about: "1 to 3 bytes reach the chip twice", arrange: damage("toChip", "double"), passes: true },
  "double-to-host": { about: "1 to 3 bytes reach the host twice", arrange: damage("toHost", "double"), passes: true },
  "delay-to-chip": { about: "bytes to the chip wait for up to 2.5 s", arrange: delay("toChip"), passes: true },
  "delay-to-host": { about: "bytes to the host wait for up to 2.5 s", arrange: delay("toHost"), passes: true },
  "burst-to-chip": { about: "up to 400 bytes to the chip are noise", arrange: burst("toChip"), passes: true },
  "burst-to-host": { about: "up to 400 bytes to the host are noise", arrange: burst("toHost"), passes: true },
  "faulty-line": {
    about: "one byte in 20,000 is faulty, both ways",
    arrange: ({ place }) => [place.toChip, place.toHost].forEach((side) => side.damageOneIn(20_000)),
  },
  stall: {
    about: "nothing arrives for 0.1 to 60 s, then all of it",
    arrange: (rig) =>
      atSomeMoment(rig, () => {
        const durationMs = Math.round(100 * 600 ** (rig.dice.below(1000) / 1000));
        [rig.place.toChip, rig.place.toHost].forEach((side) => side.hold(durationMs));
      }),
  },
  "half-open": {
    about: "the link is dead until it is opened anew, and nobody says so unless asked",
    arrange: (rig) => atSomeMoment(rig, () => rig.place.halfOpen("answers")),
    passes: true,
  },
  "half-open-mute": {
    about: "the link is dead until it is opened anew, and its server never answers what it is asked",
    arrange: (rig) => atSomeMoment(rig, () => rig.place.halfOpen("mute")),
    passes: true,
  },
  "link-lost": {
    about: "the link breaks once or twice",
    inBoard: (dice) => several(dice, 2, () => `link-lost-byte:${dice.between(1, 60_000)}`),
    passes: true,
  },
  replug: {
    about: "the adapter is gone for up to 3 s and comes back under another number; the board keeps its power",
    arrange: (rig) => atSomeMoment(rig, () => replug(rig, rig.dice.between(1, 3000), "kept")),
    passes: true,
  },
  "replug-with-power": {
    about: "the board is unplugged for up to 3 s and comes back under another number",
    arrange: (rig) => atSomeMoment(rig, () => replug(rig, rig.dice.between(1, 3000), "lost")),
    passes: true,
  },
  unplug: {
    about: "the board is unplugged for good",
    arrange: (rig) =>
      atSomeMoment(rig, () => {
        rig.place.unplug();
        rig.board.powerLost();
      }),
  },
  swap: {
    about: "another board is plugged in once the first one has told its MAC",
    // Before that nobody can tell: their adapters are the same and have no serial number.
    arrange: (rig) =>
      rig.whenIdentified(() =>
        atSomeMoment(rig, () => {
          rig.place.unplug();
          rig.board.powerLost();
          rig.later(rig.dice.between(1, 2000), () => rig.place.plugIn(rig.otherBoard));
        }),
      ),
  },
  brownout: {
    about: "the supply dips once and the chip resets",
    inBoard: (dice) => [`reset-command:${dice.between(1, 90)}`],
    passes: true,
  },
  watchdog: {
    about: "the chip's watchdog resets it once",
    inBoard: (dice) => [`watchdog-command:${dice.between(1, 90)}`],
    passes: true,
  },
  "power-lost": {
    about: "the board's power is gone for up to 2 s, the port stays",
    arrange: (rig) =>
      atSomeMoment(rig, () => {
        rig.board.powerLost();
        rig.later(rig.dice.between(1, 2000), () => rig.board.powerCycle());
      }),
    passes: true,
  },
  "power-off": {
    about: "the board's power is gone for good, the port stays",
    arrange: (rig) => atSomeMoment(rig, () => rig.board.powerLost()),
  },
  "stub-dies": {
    about: "the stub hangs once",
    inBoard: (dice) => [`stub-dies:${dice.between(1, 60)}`],
    passes: true,
  },
  "write-fails": {
    about: "the flash refuses a write once",
    inBoard: (dice) => [`write-fails:${dice.between(1, 12)}`],
    passes: true,
  },
  "bit-flip": {
    about: "a write leaves a wrong bit, once",
    inBoard: (dice, sectors) => [`bit-flip:${dice.pick(sectors)}`],
    passes: true,
  },
  "md5-wrong": {
    about: "the chip answers a wrong MD5 once",
    inBoard: (dice) => [`md5-wrong:${dice.between(1, 25)}`],
    passes: true,
  },
  "sector-stuck": {
    about: "a sector does not erase",
    inBoard: (dice, sectors) => [`sector-stuck:${dice.pick(sectors)}`],
    lasts: true,
  },
  "sector-worn": {
    about: "a sector has a bit that stays 0",
    inBoard: (dice, sectors) => [`sector-worn:${dice.pick(sectors)}`],
    lasts: true,
  },
  "noisy-above": {
    about: "above some rate, one byte in 400 is wrong",
    inBoard: (dice) => [`noisy-above:${dice.pick([115_200, 230_400, 460_800])}`],
    lasts: true,
    passes: true,
  },
  "wrong-baud": {
    about: "the bridge does not take rates above some limit, and does not say so",
    arrange: ({ place, dice }) => place.ignoreBaudAbove(dice.pick([115_200, 230_400, 460_800])),
  },
  "boot-noise": {
    about: "text of a boot log or noise gets between the answers",
    arrange(rig) {
      for (let left = rig.dice.between(1, 5); left > 0; left--) {
        const text = rig.dice.chance(0.5)
          ? Buffer.from(CHATTER, "latin1").subarray(0, rig.dice.between(1, CHATTER.length))
          : Uint8Array.from({ length: rig.dice.between(1, 40) }, () => rig.dice.below(256));
        atSomeMoment(rig, () => rig.place.toHost.insert(text));
      }
    },
    passes: true,
  },
  cancelled: {
    about: "the job is cancelled",
    arrange: (rig) => atSomeMoment(rig, () => rig.abort(new FlashError("job/cancelled", "The job was cancelled."))),
  },
  "killed-with-power": {
    about: "the job is cancelled in the moment in which the board's power goes",
    arrange: (rig) =>
      atSomeMoment(rig, () => {
        rig.abort(new FlashError("job/cancelled", "The job was cancelled."));
        rig.board.powerCycle();
      }),
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultKindName = keyof typeof faultKinds;
