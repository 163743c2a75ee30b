import { VirtualClock } from "../../src/base/virtual-clock.js";
import { Connection } from "../../src/device/connection.js";
import { createFlightRecorder } from "../../src/device/flight-recorder.js";
import type { Device, RomDevice, StubDevice } from "../../src/device/device.js";
import { openDevice } from "../../src/device/open-device.js";
import { startStub } from "../../src/device/stub.js";
import { createBoard } from "../../src/virtual/board.js";
import type { Board } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { createCommandTap } from "./command-tap.js";

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

const OPTIONS = { before: "default-reset", attempts: 3, baud: 115_200 } as const;

/** `url` as the input `port` takes it. */
export function createDeviceBench(url: string): DeviceBench {
  const clock = new VirtualClock();
  const board = createBoard(parseBoardOptions(url), clock);
  const { writtenRegisters, commands, wrap } = createCommandTap();
  const transport = wrap(boardTransport(board, url));
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
