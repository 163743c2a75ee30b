import { createHash } from "node:crypto";
import type { Clock } from "../base/clock.js";
import type { ControlLines } from "../transport/transport.js";
import { chipProgram } from "./boot-program.js";
import type { ResetCause } from "./boot-output.js";
import type { BoardOptions } from "./board-options.js";
import { createFaults } from "./faults.js";
import { createFlashBus } from "./flash-bus.js";
import { openFlashFile } from "./flash-file.js";
import { createFlashMemory, SECTOR_BYTES } from "./flash-memory.js";
import type { FlashMemory } from "./flash-memory.js";
import type { Machine, Stage } from "./machine.js";
import { createMemory } from "./memory.js";
import { createProcessor } from "./processor.js";
import { hang } from "./program.js";
import { createRegisters } from "./registers.js";
import { createResetCircuit } from "./reset-circuit.js";
import { romSlipRules } from "./rom-loader.js";
import type { BootMode } from "./silicon.js";
import { silicons } from "./silicon-table.js";
import { createSlipReceiver, frameForHost } from "./slip-receiver.js";
import { stubSlipRules } from "./stub-loader.js";
import type { TimingOptions } from "./timing.js";
import { createUart } from "./uart.js";

/** A development board with a chip, its flash, and the serial side of its USB bridge. */
export interface Board {
  /** Bytes from the host, at the host's rate. */
  receive(bytes: Uint8Array): void;
  setLines(lines: ControlLines): void;
  setHostBaud(baud: number): void;
  /** Bytes to the host. What arrives while nobody listens is lost. Returns the function that ends it. */
  onData(listener: (bytes: Uint8Array) => void): () => void;
  /** Called when a fault breaks the link; the board itself goes on. */
  onLinkLost(listener: () => void): () => void;
  powerLost(): void;
  powerCycle(): void;
  readonly flash: FlashMemory;
  /** ROM loader or stub runs. */
  readonly inDownloadMode: boolean;
  /** Switches the board off for good and gives the flash file back. */
  close(): void;
}

const DEFAULT_FLASH_BYTES = 4 * 0x100000;
const SLIP_RULES = { rom: romSlipRules, stub: stubSlipRules, boot: { ...romSlipRules, maxWaitingFrames: 0 } } as const;

/** A board that has just been powered on. Throws as `openFlashFile` where its flash is a file. */
export function createBoard(options: BoardOptions, clock: Clock): Board {
  const silicon = silicons[options.chip];
  const timing: TimingOptions = { mode: options.timing, usbLatencyMs: options.usbLatencyMs, speed: options.speed };
  const faults = createFaults(options.faults, options.seed);
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  const linkListeners = new Set<() => void>();

  const file = options.flashFile === undefined ? undefined : openFlashFile(options.flashFile, options.flashSizeBytes);
  const blank = { bytes: new Uint8Array(options.flashSizeBytes ?? DEFAULT_FLASH_BYTES).fill(0xff), weakSectors: [] };
  const flash = createFlashMemory(
    file?.content ?? blank,
    options.seed,
    {
      staysUnerased: (sector) => faults.staysUnerased(sector),
      programmed(offset, bytes) {
        if (bytes.length === 0 || !faults.flipsBit(Math.floor(offset / SECTOR_BYTES))) return bytes;
        const wrong = bytes.slice();
        wrong[0] = (wrong[0] ?? 0) ^ 1;
        return wrong;
      },
    },
    file?.store,
  );

  const bus = createFlashBus(flash, clock, timing, () => faults.writeRefused());
  const processor = createProcessor(clock, timing, () => dataListeners.size > 0);
  const slip = createSlipReceiver(
    (frame) => processor.offer(frame),
    () => processor.waitingFrames,
  );
  const uart = createUart(clock, timing, faults, {
    seed: options.seed,
    autoBaudLimits: silicon.autoBaudLimits,
    toChip: (bytes) => bytes.forEach((byte) => slip.push(byte)),
    toHost: (bytes) => dataListeners.forEach((listener) => listener(bytes)),
  });
  let stage: Stage = "boot";

  const loseLink = (): void => linkListeners.forEach((listener) => listener());

  const start = (bootMode: BootMode, cause: ResetCause): void => {
    const registers = createRegisters(silicon, { mac: options.mac }, bus);
    registers.setStrap(silicon.strapValues[bootMode]);
    const machine: Machine = {
      silicon,
      memory: createMemory(silicon, registers),
      bus,
      bootMode,
      enter(next) {
        stage = next;
        slip.restart(SLIP_RULES[next]);
        if (next === "stub") return;
        bus.attached = false;
        bus.limitBytes = silicon.defaultFlashBytes;
        uart.measure();
      },
      send: (content) => uart.fromChip(frameForHost(content)),
      print: (text) => uart.fromChip(Buffer.from(text, "latin1")),
      setBaud(baud) {
        uart.setChipBaud(baud);
        registers.setBaud(baud);
      },
      adoptHostBaud() {
        if (!uart.measuring) return;
        uart.setChipBaud(uart.heardBaud);
        registers.setBaud(uart.heardBaud);
      },
      get measuringBaud() {
        return uart.measuring;
      },
      *commandTaken(loader) {
        switch (faults.commandFate(loader)) {
          case "carried-out":
            break;
          case "link-lost":
            loseLink();
            break;
          case "reset":
            brownOut();
            yield* hang();
            break;
          case "hang":
            yield* hang();
        }
      },
      md5(bytes) {
        const digest = createHash("md5").update(bytes).digest();
        if (faults.md5Wrong()) digest[0] = (digest[0] ?? 0) ^ 1;
        return digest;
      },
    };
    processor.run(chipProgram(machine, cause, options.invalidHeader === "printed"));
  };

  const stop = (): void => {
    processor.halt();
    bus.cut();
    uart.cut();
    stage = "boot";
    slip.restart(SLIP_RULES.boot);
  };
  /** The lines are idle at such a moment, or the supply would not be what fails: the chip boots from its flash. */
  const brownOut = (): void => {
    stop();
    start(options.boot, "brownout");
  };

  const io0 = options.boot === "download" ? "held" : "connected";
  const circuit = createResetCircuit(clock, faults.io0Cut ? "cut" : io0, {
    stopped: stop,
    started: (mode) => start(mode, "power-on"),
  });

  const powerLost = (): void => {
    circuit.powerOff();
    uart.cancel();
  };
  circuit.powerOn();

  return {
    receive(bytes) {
      const linkLostAfter = faults.linkLostWithin(bytes.length);
      uart.fromHost(linkLostAfter === undefined ? bytes : bytes.subarray(0, linkLostAfter));
      if (linkLostAfter !== undefined) loseLink();
    },
    setLines: (lines) => circuit.setLines(lines),
    setHostBaud: (baud) => uart.setHostBaud(baud),
    onData(listener) {
      dataListeners.add(listener);
      processor.listened();
      return () => void dataListeners.delete(listener);
    },
    onLinkLost(listener) {
      linkListeners.add(listener);
      return () => void linkListeners.delete(listener);
    },
    powerLost,
    powerCycle() {
      powerLost();
      circuit.powerOn();
    },
    flash,
    get inDownloadMode() {
      return stage !== "boot";
    },
    close() {
      powerLost();
      flash.close();
    },
  };
}
