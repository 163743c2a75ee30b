import { words } from "../../src/base/bytes.js";
import { encodeFrame, createFrameDecoder } from "../../src/protocol/slip.js";
import type { Transport, TransportListener } from "../../src/transport/transport.js";

/** A loader that knows READ_REG and WRITE_REG only; `wrote` sees each write and may change registers. */
export interface RegisterPeer {
  readonly transport: Transport;
  readonly registers: Map<number, number>;
}

const WRITE_REG = 0x09;
const READ_REG = 0x0a;

export function createRegisterPeer(
  wrote: (address: number, value: number, registers: Map<number, number>) => void,
): RegisterPeer {
  const registers = new Map<number, number>();
  const listeners = new Set<TransportListener>();
  const decoder = createFrameDecoder();
  const done = (): Promise<void> => Promise.resolve();

  const answer = (op: number, value: number): void => {
    const header = Uint8Array.of(1, op, 4, 0, ...words(value), 0, 0, 0, 0);
    queueMicrotask(() => listeners.forEach((listener) => listener.data(encodeFrame(header))));
  };

  return {
    registers,
    transport: {
      name: "peer",
      capabilities: { controlLines: false, atomicLines: false, baudRate: false },
      write(bytes) {
        for (const frame of decoder.push(bytes)) {
          const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
          const op = frame[1] ?? 0;
          const address = view.getUint32(8, true);
          if (op === READ_REG) {
            answer(op, registers.get(address) ?? 0);
          } else if (op === WRITE_REG) {
            registers.set(address, view.getUint32(12, true));
            wrote(address, view.getUint32(12, true), registers);
            answer(op, 0);
          }
        }
        return done();
      },
      setSignals: done,
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
