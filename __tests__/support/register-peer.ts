import { concatBytes, readUint32, words } from "../../src/base/bytes.js";
import { encodeFrame, createFrameDecoder } from "../../src/protocol/slip.js";
import type { Transport, TransportListener } from "../../src/transport/transport.js";

/** A loader that knows READ_REG, WRITE_REG and, if told what to answer, GET_SECURITY_INFO. */
export interface RegisterPeer {
  readonly transport: Transport;
  readonly registers: Map<number, number>;
  /** Commands that came, in order. */
  readonly commands: readonly number[];
}

export interface PeerOptions {
  /** Sees each write and may change registers. */
  readonly wrote?: (address: number, value: number, registers: Map<number, number>) => void;
  /** Data of GET_SECURITY_INFO; without it the command is refused as a ROM does. */
  readonly securityInfo?: Uint8Array;
  /** Without it every register reads 0; `false`: reading is refused, as in Secure Download Mode. */
  readonly reads?: boolean;
}

const GET_SECURITY_INFO = 0x14;
const WRITE_REG = 0x09;
const WRITE_REG_ENTRY_BYTES = 16;
const READ_REG = 0x0a;

const UNSUPPORTED = Uint8Array.of(1, 5, 0, 0);
const OK = new Uint8Array(4);

export function createRegisterPeer({ wrote, securityInfo, reads = true }: PeerOptions): RegisterPeer {
  const registers = new Map<number, number>();
  const commands: number[] = [];
  const listeners = new Set<TransportListener>();
  const decoder = createFrameDecoder();
  const done = (): Promise<void> => Promise.resolve();

  const answer = (op: number, value: number, body: Uint8Array): void => {
    const reply = Uint8Array.of(1, op, body.length, 0, ...words(value), ...body);
    queueMicrotask(() => listeners.forEach((listener) => listener.data(encodeFrame(reply))));
  };

  const handle = (op: number, frame: Uint8Array): void => {
    const at = (offset: number): number => readUint32(frame, offset);
    if (op === READ_REG && reads) {
      answer(op, registers.get(at(8)) ?? 0, OK);
    } else if (op === WRITE_REG && reads) {
      for (let entry = 8; entry < frame.length; entry += WRITE_REG_ENTRY_BYTES) {
        registers.set(at(entry), at(entry + 4));
        wrote?.(at(entry), at(entry + 4), registers);
      }
      answer(op, 0, OK);
    } else if (op === GET_SECURITY_INFO && securityInfo !== undefined) {
      answer(op, 0, concatBytes(securityInfo, OK));
    } else {
      answer(op, 0, UNSUPPORTED);
    }
  };

  return {
    registers,
    commands,
    transport: {
      name: "peer",
      capabilities: { controlLines: false, atomicLines: false, baudRate: false },
      write(bytes) {
        for (const frame of decoder.push(bytes)) {
          commands.push(frame[1] ?? 0);
          handle(frame[1] ?? 0, frame);
        }
        return done();
      },
      setSignals: done,
      confirm: done,
      setBaudRate: done,
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      reopen: done,
      close: done,
    },
  };
}
