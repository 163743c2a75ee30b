import { VirtualClock } from "../../src/base/virtual-clock.js";
import { Connection } from "../../src/device/connection.js";
import { createFlightRecorder } from "../../src/device/flight-recorder.js";
import type { Device, RomDevice, StubDevice } from "../../src/device/device.js";
import { openDevice } from "../../src/device/open-device.js";
import { startStub } from "../../src/device/stub.js";
import { decodeReply } from "../../src/protocol/packet.js";
import { createFrameDecoder } from "../../src/protocol/slip.js";
import type { Transport } from "../../src/transport/transport.js";
import { createBoard } from "../../src/virtual/board.js";
import type { Board } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { readUint32 } from "../../src/base/bytes.js";

/** The device layer in front of a virtual board, on a virtual clock. */
export interface DeviceBench {
  readonly clock: VirtualClock;
  readonly board: Board;
  readonly connection: Connection;
  /** Registers that WRITE_REG went to so far, in order. */
  readonly writtenRegisters: readonly number[];
  /** Commands sent so far, in order. */
  readonly commands: readonly number[];
  /** Runs the action in the board's time. */
  run<Value>(action: () => Promise<Value>): Promise<Value>;
  open(): Promise<Device>;
  openRom(): Promise<RomDevice>;
  openStub(): Promise<StubDevice>;
}

const WRITE_REG = 0x09;
const WRITE_REG_ENTRY_BYTES = 16;
const OPTIONS = { before: "default-reset", attempts: 3, baud: 115_200 } as const;

/** `url` as the input `port` takes it. */
export function createDeviceBench(url: string): DeviceBench {
  const clock = new VirtualClock();
  const board = createBoard(parseBoardOptions(url), clock);
  const writtenRegisters: number[] = [];
  const commands: number[] = [];
  const heard = createFrameDecoder();
  const plain = boardTransport(board, url);
  const transport: Transport = {
    ...plain,
    write: (bytes) => {
      for (const frame of heard.push(bytes)) {
        if (decodeReply(frame) !== undefined || frame[0] !== 0) continue;
        commands.push(frame[1] ?? -1);
        if (frame[1] !== WRITE_REG) continue;
        for (let at = 8; at < frame.length; at += WRITE_REG_ENTRY_BYTES) writtenRegisters.push(readUint32(frame, at));
      }
      return plain.write(bytes);
    },
  };
  const signal = new AbortController().signal;
  const connection = new Connection(
    transport,
    clock,
    signal,
    createFlightRecorder(clock, () => undefined),
  );
  const open = (): Promise<Device> => clock.run(openDevice(connection, "auto", OPTIONS, () => undefined));
  const openRom = async (): Promise<RomDevice> => {
    const device = await open();
    if (device.loader !== "rom") throw new Error("a stub answers");
    return device;
  };
  return {
    clock,
    board,
    connection,
    writtenRegisters,
    commands,
    run: (action) => clock.run(action()),
    open,
    openRom,
    openStub: async () => {
      const device = await openRom();
      return clock.run(startStub(device));
    },
  };
}
