/** What did not work: the ROM was being taken to a rate, or the stub was at work at it. */
export interface FailedRate {
  readonly stage: "rom" | "stub";
  /** Bits a second. */
  readonly baud: number;
}

/** Which rate to try next on one board, and whether its ROM is to be taken there or its stub. */
export interface RateSearch {
  /** Bits a second. */
  readonly baud: number;
  /** The stub is uploaded at this rate already. */
  readonly byRom: boolean;
  /** Goes down to what is known of the board. */
  startAt(known: { readonly baud: number; readonly byRom: boolean }): void;
  /** The stub has greeted at a rate that the ROM was taken to. */
  romWorked(): void;
  /** False where nothing is left to try. */
  failed(rate: FailedRate): boolean;
}

/** Two rates in a row are more than a noisy line needs, as the lower one is half the other at most. */
const ROM_FAILURES = 2;

/**
 * Goes through `bauds` from above. A ROM that does not answer at a new rate may reckon wrongly, or the line may be at its
 * end: the next lower rate tells. Where that fails as well, the ROM stays at the first contact's rate, and the stub begins
 * at the top.
 */
export function createRateSearch(bauds: readonly number[], slowestBaud: number): RateSearch {
  let index = 0;
  let byRom = true;
  let romWorks = false;
  /** Where the ROM was not heard. */
  const romFailures: number[] = [];
  const baud = (): number => bauds[index] ?? slowestBaud;
  return {
    get baud() {
      return baud();
    },
    get byRom() {
      return byRom;
    },
    startAt(known) {
      byRom &&= known.byRom;
      const at = bauds.findIndex((each) => each <= known.baud);
      if (at > index) index = at;
    },
    romWorked() {
      romWorks = true;
    },
    failed({ stage, baud: failedBaud }) {
      if (stage === "rom" && romWorks && failedBaud < baud()) {
        // The stub goes higher than this ROM does, and nothing is known against that.
        byRom = false;
        return true;
      }
      const next = bauds.findIndex((each) => each < failedBaud);
      if (stage === "rom" && byRom && !romWorks) {
        romFailures.push(index);
        if (romFailures.length >= ROM_FAILURES || (bauds[next] ?? 0) <= slowestBaud) {
          byRom = false;
          index = romFailures[0] ?? index;
          return true;
        }
      }
      if (next < 0) return false;
      index = next;
      return true;
    },
  };
}
