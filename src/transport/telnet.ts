import { concatBytes } from "../base/bytes.js";

// Telnet as RFC 854 and RFC 855 define it, and its COM port option of RFC 2217.

const IAC = 255;
const SUBNEGOTIATION = 250;
const SUBNEGOTIATION_END = 240;
const VERBS = { will: 251, wont: 252, do: 253, dont: 254 } as const;

export type TelnetVerb = keyof typeof VERBS;
const verbByCode = new Map<number, TelnetVerb>(
  (Object.entries(VERBS) as [TelnetVerb, number][]).map(([verb, code]) => [code, verb]),
);

/** Options that a serial line over telnet needs. */
export const telnetOptions = { binary: 0, suppressGoAhead: 3, comPort: 44 } as const;

/** Requests of RFC 2217 from client to server; the server's answer has the number plus `comPortAnswer`. */
export const comPortRequests = {
  signature: 0,
  setBaudRate: 1,
  setDataSize: 2,
  setParity: 3,
  setStopSize: 4,
  setControl: 5,
  setLineStateMask: 10,
  setModemStateMask: 11,
  purgeData: 12,
} as const;

export const comPortAnswer = 100;

/** Values of `setControl` that concern the two lines (RFC 2217, section 3). */
export const comPortControl = {
  noFlowControl: 1,
  requestFlowControl: 0,
  requestBreak: 4,
  breakOff: 6,
  requestDtr: 7,
  dtrOn: 8,
  dtrOff: 9,
  requestRts: 10,
  rtsOn: 11,
  rtsOff: 12,
} as const;

export type TelnetEvent =
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  | { readonly kind: "option"; readonly verb: TelnetVerb; readonly option: number }
  | { readonly kind: "subnegotiation"; readonly option: number; readonly payload: Uint8Array };

/** What a doubled FF stands for. */
const DOUBLED_IAC = Uint8Array.of(IAC);

/** Data with its FF bytes doubled. */
export function encodeTelnetData(bytes: Uint8Array): Uint8Array {
  let count = 0;
  for (let at = bytes.indexOf(IAC); at >= 0; at = bytes.indexOf(IAC, at + 1)) count++;
  if (count === 0) return bytes;
  const doubled = new Uint8Array(bytes.length + count);
  let to = 0;
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(IAC, from);
    const end = found < 0 ? bytes.length : found + 1;
    doubled.set(bytes.subarray(from, end), to);
    to += end - from;
    if (found >= 0) doubled[to++] = IAC;
    from = end;
  }
  return doubled;
}

export function encodeTelnetOption(verb: TelnetVerb, option: number): Uint8Array {
  return Uint8Array.of(IAC, VERBS[verb], option);
}

function encodeSubnegotiation(option: number, payload: Uint8Array): Uint8Array {
  return concatBytes(
    Uint8Array.of(IAC, SUBNEGOTIATION, option),
    encodeTelnetData(payload),
    Uint8Array.of(IAC, SUBNEGOTIATION_END),
  );
}

/** A COM port request or answer: its number and its value. */
export function encodeComPort(request: number, value: Uint8Array): Uint8Array {
  return encodeSubnegotiation(telnetOptions.comPort, concatBytes(Uint8Array.of(request), value));
}

/** Feeds a chunk; returns what it completes, in order. What a chunk leaves open waits for the next one. */
export interface TelnetDecoder {
  push(chunk: Uint8Array): TelnetEvent[];
}

/** A subnegotiation longer than this is none of ours: its rest is dropped. */
const MAX_SUBNEGOTIATION_BYTES = 1024;

export function createTelnetDecoder(): TelnetDecoder {
  let state: "data" | "command" | "option" | "subnegotiation" | "subnegotiation-command" = "data";
  let verb: TelnetVerb = "will";
  let payload: number[] = [];

  return {
    push(chunk) {
      const events: TelnetEvent[] = [];
      let data: Uint8Array[] = [];
      const flush = (): void => {
        if (data.length > 0) events.push({ kind: "data", bytes: concatBytes(...data) });
        data = [];
      };
      const command = (byte: number): void => {
        const named = verbByCode.get(byte);
        state = "data";
        if (byte === IAC) data.push(DOUBLED_IAC);
        else if (byte === SUBNEGOTIATION) {
          state = "subnegotiation";
          payload = [];
        } else if (named !== undefined) {
          state = "option";
          verb = named;
        }
      };
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0;
        switch (state) {
          case "data": {
            const found = chunk.indexOf(IAC, at);
            const end = found < 0 ? chunk.length : found;
            if (end > at) data.push(chunk.subarray(at, end));
            if (found >= 0) state = "command";
            at = end;
            break;
          }
          case "command":
            command(byte);
            break;
          case "option":
            flush();
            events.push({ kind: "option", verb, option: byte });
            state = "data";
            break;
          case "subnegotiation":
            if (byte === IAC) state = "subnegotiation-command";
            else if (payload.length < MAX_SUBNEGOTIATION_BYTES) payload.push(byte);
            break;
          case "subnegotiation-command":
            if (byte === SUBNEGOTIATION_END) {
              flush();
              const [option = 0, ...rest] = payload;
              events.push({ kind: "subnegotiation", option, payload: Uint8Array.from(rest) });
              state = "data";
            } else {
              if (byte === IAC) payload.push(IAC);
              state = "subnegotiation";
            }
        }
      }
      flush();
      return events;
    },
  };
}
