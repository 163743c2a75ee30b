import type { Clock } from "../base/clock.js";
import type { ControlLines } from "../transport/transport.js";
import {
  comPortAnswer,
  comPortControl,
  comPortRequests,
  createTelnetDecoder,
  encodeComPort,
  encodeTelnetData,
  encodeTelnetOption,
  telnetOptions,
} from "../transport/telnet.js";
import type { TelnetEvent } from "../transport/telnet.js";
import type { BoardPort } from "./board.js";

/** One client's view of the board's port as an RFC 2217 server shows it. */
export interface Rfc2217Port {
  fromClient(chunk: Uint8Array): void;
  /** Bytes of the board as they go to the client. */
  fromBoard(bytes: Uint8Array): Uint8Array;
  /** The client has gone: the lines become idle. */
  end(): void;
}

/**
 * pyserial's client waits 50 ms for the answer to each line, far longer than EN's RC element. A step from "EN low" to
 * "both asserted" would let EN rise before IO0 falls, so it waits this long for the other line to follow.
 */
const PAIR_MS = 200;

const OUR_OPTIONS: readonly number[] = Object.values(telnetOptions);

/** `send` takes bytes to the client. Every request is answered at once. */
export function createRfc2217Port(board: BoardPort, clock: Clock, send: (bytes: Uint8Array) => void): Rfc2217Port {
  const decoder = createTelnetDecoder();
  /** Options that have been agreed on, so that an agreement is not answered again. */
  const agreed = new Set<string>();
  let lines: ControlLines = { dtr: false, rts: false };
  let baud = 115_200;
  let cancelPair: (() => void) | undefined;

  const drive = (next: ControlLines): void => {
    cancelPair?.();
    cancelPair = undefined;
    const releasesEnAlone = lines.rts && !lines.dtr && next.rts && next.dtr;
    lines = next;
    if (!releasesEnAlone) board.setLines(next);
    else cancelPair = clock.schedule(PAIR_MS, () => board.setLines(next));
  };

  const control = (value: number): number => {
    switch (value) {
      case comPortControl.dtrOn:
      case comPortControl.dtrOff:
        drive({ ...lines, dtr: value === comPortControl.dtrOn });
        return value;
      case comPortControl.rtsOn:
      case comPortControl.rtsOff:
        drive({ ...lines, rts: value === comPortControl.rtsOn });
        return value;
      case comPortControl.requestDtr:
        return lines.dtr ? comPortControl.dtrOn : comPortControl.dtrOff;
      case comPortControl.requestRts:
        return lines.rts ? comPortControl.rtsOn : comPortControl.rtsOff;
      case comPortControl.requestFlowControl:
        return comPortControl.noFlowControl;
      case comPortControl.requestBreak:
        return comPortControl.breakOff;
      default:
        return value;
    }
  };

  const baudAnswer = (value: Uint8Array): Uint8Array => {
    const asked = value.length === 4 ? Buffer.from(value).readUInt32BE(0) : 0;
    // 0 asks for the present rate.
    if (asked !== 0) {
      baud = asked;
      board.setHostBaud(asked);
    }
    const answer = Buffer.alloc(4);
    answer.writeUInt32BE(baud);
    return answer;
  };

  const answerOf = (request: number, value: Uint8Array): Uint8Array => {
    switch (request) {
      case comPortRequests.signature:
        return Buffer.from("virtual board", "latin1");
      case comPortRequests.setBaudRate:
        return baudAnswer(value);
      case comPortRequests.setControl:
        return Uint8Array.of(control(value[0] ?? 0));
      default:
        return value;
    }
  };

  const handle = (event: TelnetEvent): void => {
    switch (event.kind) {
      case "data":
        board.receive(event.bytes);
        break;
      case "option": {
        const { verb, option } = event;
        const asks = verb === "will" || verb === "do";
        const key = `${verb === "will" || verb === "wont" ? "client" : "server"} ${option}`;
        const accepts = asks && OUR_OPTIONS.includes(option);
        if (accepts === agreed.has(key) && (accepts || !asks)) break;
        if (accepts) agreed.add(key);
        else agreed.delete(key);
        const positive = verb === "will" || verb === "wont" ? "do" : "will";
        const negative = verb === "will" || verb === "wont" ? "dont" : "wont";
        send(encodeTelnetOption(accepts ? positive : negative, option));
        break;
      }
      case "subnegotiation": {
        const [request = 0] = event.payload;
        if (event.option !== telnetOptions.comPort || request >= comPortAnswer) break;
        send(encodeComPort(request + comPortAnswer, answerOf(request, event.payload.subarray(1))));
      }
    }
  };

  return {
    fromClient: (chunk) => decoder.push(chunk).forEach(handle),
    fromBoard: encodeTelnetData,
    end() {
      cancelPair?.();
      board.setLines({ dtr: false, rts: false });
    },
  };
}
