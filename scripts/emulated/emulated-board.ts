import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import path from "node:path";
import type { Clock } from "../../src/base/clock.js";
import type { BoardPort } from "../../src/virtual/board.js";
import type { BootMode } from "../../src/virtual/boot-mode.js";
import { createLine } from "../../src/virtual/line.js";
import { createResetCircuit } from "../../src/virtual/reset-circuit.js";

/** A chip that QEMU can be: the variable that names its program, and the straps (GPIO_STRAP_REG) of both boot modes. */
export const emulatedChips = {
  esp32: { variable: "QEMU_XTENSA", watchdog: "timer.esp32.timg", straps: { download: 0x0f, run: 0x12 } },
  esp32c3: { variable: "QEMU_RISCV32", watchdog: "timer.esp32c3.timg", straps: { download: 0x02, run: 0x08 } },
} as const;

export type EmulatedChip = keyof typeof emulatedChips;

/** Bytes that arrive together: a quarter of the UART's FIFO, since a chip takes no more than that in one go. */
const SLICE_BYTES = 32;
/** File in a board's folder: what QEMU says. */
export const EMULATOR_LOG = "qemu.log";
const PACE = { mode: "modelled", usbLatencyMs: 0, speed: 1 } as const;

/** Why a chip cannot be emulated here, or `undefined`. */
export function missingEmulator(chip: EmulatedChip): string | undefined {
  const { variable } = emulatedChips[chip];
  return process.env[variable] ? undefined : `${variable} does not name the QEMU that emulates an ${chip}`;
}

function emulatorArguments(chip: EmulatedChip, flashFile: string, uartPath: string, mode: BootMode): string[] {
  const { watchdog, straps } = emulatedChips[chip];
  const data = process.env.QEMU_DATA;
  return [
    ...["-M", chip, ...(data ? ["-L", data] : []), "-display", "none", "-monitor", "none", "-nic", "none"],
    ...["-drive", `file=${flashFile},if=mtd,format=raw`],
    ...["-chardev", `socket,id=uart,path=${uartPath}`, "-serial", "chardev:uart"],
    // A watchdog measures by the clock on the wall, and an emulated chip may be slower than a real one.
    ...["-global", `driver=${watchdog},property=wdt_disable,value=true`],
    ...["-global", `driver=esp32.gpio,property=strap_mode,value=${straps[mode]}`],
  ];
}

/** A board whose chip is emulated, with its mask ROM; `end` takes the power away. */
export interface EmulatedBoard {
  readonly port: BoardPort;
  end(): Promise<void>;
}

/** Powers a board on: its flash is a file of 2, 4, 8 or 16 MiB, and each rise of EN is a fresh start of QEMU. */
export async function openEmulatedBoard(
  { chip, flashFile, folder }: { readonly chip: EmulatedChip; readonly flashFile: string; readonly folder: string },
  clock: Clock,
): Promise<EmulatedBoard> {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const uartPath = path.join(folder, "uart");
  let baud = 115_200;
  const words = openSync(path.join(folder, EMULATOR_LOG), "a");
  let qemu: ChildProcess | undefined;
  let uart: Socket | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  /** What came before QEMU had opened its end. */
  let early: Uint8Array[] = [];

  const toChip = createLine(clock, PACE, 0, (bytes) => {
    if (uart === undefined) early.push(bytes);
    else uart.write(bytes);
  });
  const toHost = createLine(clock, PACE, 0, (bytes) => listeners.forEach((listener) => listener(bytes)));
  const send = (line: typeof toChip, bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) line.send(bytes.subarray(at, at + SLICE_BYTES), baud);
  };
  const server = createServer((socket) => {
    uart = socket;
    for (const bytes of early.splice(0)) socket.write(bytes);
    socket.on("data", (bytes) => send(toHost, bytes));
    // Its end is QEMU's, which is killed.
    socket.on("error", () => socket.destroy());
  });
  server.listen(uartPath);
  await once(server, "listening");

  const stopped = (): void => {
    toChip.cancel();
    early = [];
    uart?.destroy();
    uart = undefined;
    if (qemu === undefined) return;
    ended = once(qemu, "exit");
    qemu.kill("SIGKILL");
    qemu = undefined;
  };
  const started = async (mode: BootMode): Promise<void> => {
    // Two of them would not get the flash file.
    await ended;
    const program = process.env[emulatedChips[chip].variable] ?? "";
    qemu = spawn(program, emulatorArguments(chip, flashFile, uartPath, mode), {
      stdio: ["ignore", "ignore", words],
    });
  };
  const circuit = createResetCircuit(clock, "connected", { stopped, started: (mode) => void started(mode) });
  circuit.powerOn();
  return {
    port: {
      present: true,
      receive: (bytes) => send(toChip, bytes),
      setLines: (lines) => circuit.setLines(lines),
      setHostBaud: (asked) => void (baud = asked),
      onLinkLost: () => () => undefined,
      onData(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    async end() {
      circuit.powerOff();
      toHost.cancel();
      await ended;
      server.close();
      closeSync(words);
    },
  };
}
