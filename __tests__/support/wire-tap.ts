import { readUint32 } from "../../src/base/bytes.js";
import { FlashError } from "../../src/base/errors.js";
import { encodeFrame } from "../../src/protocol/slip.js";
import type { Transport } from "../../src/transport/transport.js";
import { framesIn } from "./traces.js";

const READ_REG = 0x0a;
const MD5 = 0x13;
const OHAI = Buffer.from("OHAI", "latin1");

/** Changes whole frames from the chip; `undefined` swallows one. */
function mapReplies(
  transport: Transport,
  map: (frame: Uint8Array, request: Uint8Array) => Uint8Array | undefined,
): Transport {
  let request: Uint8Array = new Uint8Array(0);
  let requests: readonly Uint8Array[] = [];
  let open: number[] = [];
  /** Several questions may be on the way, which are answered in their order. */
  const requestOf = (reply: Uint8Array): Uint8Array => {
    const at = requests.findIndex((each) => each[1] === reply[1]);
    if (at >= 0) {
      request = requests[at] ?? request;
      requests = requests.slice(at + 1);
    }
    return request;
  };
  return {
    ...transport,
    write: (bytes) => {
      requests = framesIn(bytes);
      request = requests[0] ?? request;
      return transport.write(bytes);
    },
    subscribe: (listener) =>
      transport.subscribe({
        closed: (reason) => listener.closed(reason),
        data: (bytes) => {
          open.push(...bytes);
          const end = open.lastIndexOf(0xc0) + 1;
          const frames = framesIn(Uint8Array.from(open.slice(0, end)));
          open = open.slice(end);
          for (const frame of frames) {
            const mapped = map(frame, requestOf(frame));
            if (mapped !== undefined) listener.data(encodeFrame(mapped));
          }
        },
      }),
  };
}

/** A chip whose register at `address` reads as `value`. */
export function withRegister(address: number, value: number): (transport: Transport) => Transport {
  return (transport) =>
    mapReplies(transport, (frame, request) => {
      const isRead = frame[0] === 1 && frame[1] === READ_REG && request[1] === READ_REG;
      if (!isRead || readUint32(request, 8) !== address) return frame;
      const changed = Uint8Array.from(frame);
      new DataView(changed.buffer).setUint32(4, value, true);
      return changed;
    });
}

/** A link that damages the first answer about the register at `address`, so that it is `value`. */
export function withMisread(address: number, value: number): (transport: Transport) => Transport {
  let isDone = false;
  return (transport) =>
    mapReplies(transport, (frame, request) => {
      const isRead = frame[0] === 1 && frame[1] === READ_REG && request[1] === READ_REG;
      if (isDone || !isRead || readUint32(request, 8) !== address) return frame;
      isDone = true;
      const changed = Uint8Array.from(frame);
      new DataView(changed.buffer).setUint32(4, value, true);
      return changed;
    });
}

/** A board that answers nothing and says `text` whenever its lines move. */
export function sayingOnly(text: string): (transport: Transport) => Transport {
  return (transport) => {
    const listeners = new Set<(bytes: Uint8Array) => void>();
    return {
      ...transport,
      write: () => Promise.resolve(),
      setSignals: (lines) => {
        for (const listener of listeners) listener(Buffer.from(text, "latin1"));
        return transport.setSignals(lines);
      },
      subscribe: (listener) => {
        const hear = (bytes: Uint8Array): void => listener.data(bytes);
        listeners.add(hear);
        return () => void listeners.delete(hear);
      },
    };
  };
}

/** A stub whose greeting never comes. */
export function withoutGreeting(transport: Transport): Transport {
  return mapReplies(transport, (frame) => (Buffer.compare(frame, OHAI) === 0 ? undefined : frame));
}

/** A chip whose MD5s are all wrong in one bit. */
export function withWrongMd5(transport: Transport): Transport {
  return mapReplies(transport, (frame) => {
    if (frame[0] !== 1 || frame[1] !== MD5) return frame;
    const changed = Uint8Array.from(frame);
    changed[8] = (changed[8] ?? 0) ^ 1;
    return changed;
  });
}

/** A port without lines, as raw TCP is. */
export function withoutLines(transport: Transport): Transport {
  return {
    ...transport,
    capabilities: { controlLines: false, atomicLines: false, baudRate: false },
    setSignals: () => Promise.reject(new FlashError("port/no-lines", "no lines")),
  };
}

/** Lines that lead nowhere. */
export function withDeadLines(transport: Transport): Transport {
  return { ...transport, setSignals: () => Promise.resolve() };
}

/** A port that is gone for good once it is lost. */
export function withoutReturn(transport: Transport): Transport {
  return { ...transport, reopen: () => Promise.reject(new FlashError("port/lost", "the port does not come back")) };
}
