import { concatBytes } from "../base/bytes.js";
import { encodeTelnetOption, telnetOptions } from "./telnet.js";
import type { TelnetVerb } from "./telnet.js";

/** One side's account of which options are on (RFC 854: every change is answered once, what is settled never). */
export interface OptionAccount {
  /** The requests to begin with. */
  readonly requests: Uint8Array;
  /** What to answer to a verb of the other side, if anything. */
  answer(verb: TelnetVerb, option: number): Uint8Array | undefined;
}

const ANSWERS = {
  do: { yes: "will", no: "wont" },
  dont: { yes: "will", no: "wont" },
  will: { yes: "do", no: "dont" },
  wont: { yes: "do", no: "dont" },
} as const satisfies Record<TelnetVerb, { readonly yes: TelnetVerb; readonly no: TelnetVerb }>;

/** Binary both ways and no go-ahead keep every byte as it is; of the COM port option a client says only that it WILL. */
const REQUESTS: readonly (readonly ["will" | "do", number])[] = [
  ["will", telnetOptions.comPort],
  ["will", telnetOptions.binary],
  ["do", telnetOptions.binary],
  ["will", telnetOptions.suppressGoAhead],
  ["do", telnetOptions.suppressGoAhead],
];

const SUPPORTED: readonly number[] = Object.values(telnetOptions);

/** The account of a client of a serial port, before its requests are sent. */
export function createOptionAccount(): OptionAccount {
  const states = new Map<string, "asked" | "on">(REQUESTS.map(([verb, option]) => [`${verb} ${option}`, "asked"]));
  return {
    requests: concatBytes(...REQUESTS.map(([verb, option]) => encodeTelnetOption(verb, option))),
    answer(verb, option) {
      const { yes, no } = ANSWERS[verb];
      const key = `${yes} ${option}`;
      const state = states.get(key);
      if (verb === "dont" || verb === "wont") {
        states.delete(key);
        return state === "on" ? encodeTelnetOption(no, option) : undefined;
      }
      if (!SUPPORTED.includes(option)) return encodeTelnetOption(no, option);
      states.set(key, "on");
      return state === undefined ? encodeTelnetOption(yes, option) : undefined;
    },
  };
}
