import type { Clock } from "../base/clock.js";
import { createLine } from "./line.js";
import type { Faults } from "./faults.js";
import { noiseBytes } from "./noise.js";
import type { TimingOptions } from "./timing.js";

/** The rate of every port that was just opened (bits a second). */
const FIRST_BAUD = 115_200;
/** A receiver that is off by more samples the last bits of a byte in the wrong place. */
const BAUD_TOLERANCE = 0.03;
const FRAME_END = 0xc0;

/** The chip's UART and the wire to the host. A wrong rate makes noise of every byte, both ways. */
export interface Uart {
  fromHost(bytes: Uint8Array): void;
  fromChip(bytes: Uint8Array): void;
  setHostBaud(baud: number): void;
  setChipBaud(baud: number): void;
  /** From now on any rate within the limits is understood, until `adoptHostBaud`. */
  measure(): void;
  readonly measuring: boolean;
  /** Rate that the host last sent at. */
  readonly heardBaud: number;
  /** The chip stops sending; `cancel` ends both directions. */
  cut(): void;
  cancel(): void;
}

interface UartSides {
  /** The rate at which the ROM prints, and which it listens at when it is not measuring (bits a second). */
  readonly romBaud: number;
  /** USB has no rate: whatever is set, bytes arrive. */
  readonly hasBaud: boolean;
  readonly seed: number;
  readonly autoBaudLimits: { readonly min: number; readonly max: number };
  /** `followsOn`: without a pause behind what came before. */
  readonly toChip: (bytes: Uint8Array, followsOn: boolean) => void;
  readonly toHost: (bytes: Uint8Array) => void;
}

const sameRate = (one: number, other: number): boolean => Math.abs(one / other - 1) <= BAUD_TOLERANCE;

/** Cuts behind each delimiter, so that a frame is complete when its own last bit is there. */
function* atDelimiters(bytes: Uint8Array): Generator<Uint8Array> {
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(FRAME_END, from);
    const to = end < 0 ? bytes.length : end + 1;
    yield bytes.subarray(from, to);
    from = to;
  }
}

export function createUart(clock: Clock, timing: TimingOptions, faults: Faults, sides: UartSides): Uart {
  let hostBaud = FIRST_BAUD;
  let chipBaud = sides.romBaud;
  let measuring = false;
  let heardBaud = FIRST_BAUD;
  let noiseTurn = 0;

  const received = (bytes: Uint8Array, sentAt: number, heardAt: number): Uint8Array =>
    !sides.hasBaud || sameRate(sentAt, heardAt)
      ? bytes
      : noiseBytes(Math.max(1, Math.round((bytes.length * heardAt) / sentAt)), sides.seed, noiseTurn++);

  const toChip = createLine(clock, timing, 0, (bytes, baud, followsOn) => {
    heardBaud = baud;
    const { min, max } = sides.autoBaudLimits;
    const heardAt = measuring && baud >= min && baud <= max ? baud : chipBaud;
    sides.toChip(faults.toChip(received(bytes, baud, heardAt), baud), followsOn);
  });
  const toHost = createLine(clock, timing, timing.usbLatencyMs, (bytes, baud) => {
    const heard = faults.toHost(received(bytes, baud, hostBaud), baud);
    if (heard.length > 0) sides.toHost(heard);
  });

  return {
    fromHost(bytes) {
      const pieces = timing.mode === "modelled" ? atDelimiters(bytes) : [bytes];
      for (const piece of pieces) toChip.send(piece.slice(), hostBaud);
    },
    fromChip: (bytes) => toHost.send(bytes, chipBaud),
    setHostBaud(baud) {
      hostBaud = baud;
    },
    setChipBaud(baud) {
      chipBaud = baud;
      measuring = false;
    },
    measure() {
      chipBaud = sides.romBaud;
      measuring = sides.hasBaud;
    },
    get measuring() {
      return measuring;
    },
    get heardBaud() {
      return heardBaud;
    },
    cut: () => toHost.cut(),
    cancel() {
      toChip.cancel();
      toHost.cancel();
    },
  };
}
