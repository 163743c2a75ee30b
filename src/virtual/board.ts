import type { Clock } from "../base/clock.js";
import type { ControlLines } from "../transport/transport.js";
import { chipProgram } from "./boot-program.js";
import type { ResetCause } from "./boot-log.js";
import type { BoardOptions } from "./board-options.js";
import { createBoardFlash } from "./board-flash.js";
import { createMachine } from "./board-machine.js";
import { openBootCounts } from "./boot-counts.js";
import { createConsoleInput } from "./console-input.js";
import { createFaults } from "./faults.js";
import { createFlashBus } from "./flash-bus.js";
import type { FlashMemory } from "./flash-memory.js";
import type { Stage } from "./machine.js";
import { createProcessor } from "./processor.js";
import { createRegisters } from "./registers.js";
import { createResetCircuit } from "./reset-circuit.js";
import { romSlipRules } from "./rom-loader.js";
import type { BootMode } from "./boot-mode.js";
import type { Silicon, SiliconSettings } from "./silicon.js";
import { readScript } from "./parse-script.js";
import { silicons } from "./silicon-table.js";
import { createSlipReceiver } from "./slip-receiver.js";
import { SHORT_ADDRESSES_BYTES } from "./spi-layout.js";
import { noStats, openStatsFile } from "./stats-file.js";
import type { BoardStats } from "./stats-file.js";
import { stubSlipRules } from "./stub-loader.js";
import { timing } from "./timing.js";
import type { TimingOptions } from "./timing.js";
import { createUsbPresence } from "./usb-presence.js";
import { createUart } from "./uart.js";
import { createUsbReset } from "./usb-reset.js";
import { createWatchdogs } from "./watchdogs.js";

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
  /** The host sees the port; a chip's own USB port is gone while the chip starts anew. */
  readonly present: boolean;
  readonly flash: FlashMemory;
  /** What has happened to it since it was made. */
  readonly counters: BoardStats;
  /** The chip's own USB port, where the host is plugged into that. */
  readonly usb?: { readonly vendorId: number; readonly productId: number };
  /** ROM loader or stub runs. */
  readonly inDownloadMode: boolean;
  /** Switches the board off for good and gives the flash file back. */
  close(): void;
}

/** What a host on the other end of the cable has of a board. */
export type BoardPort = Pick<Board, "receive" | "setLines" | "setHostBaud" | "onData" | "onLinkLost" | "present">;

const ESPRESSIF = 0x303a;
const SERIAL_JTAG = 0x1001;
/** On USB-OTG, blocks above 0x800 bytes get lost (esptool `targets/esp32s2.py` USB_RAM_BLOCK at bb72741). */
const OTG_FRAME_BYTES = 0x800 + 0x18;
/** What a ROM prints at where it counts on the crystal that there is. */
const PRINTED_BAUD = 115_200;
const DEAF = { ...romSlipRules, maxWaitingFrames: 0 };
const SLIP_RULES = { rom: romSlipRules, stub: stubSlipRules, boot: DEAF, app: DEAF } as const;
/** Lines that an app's console keeps while the app does something else. */
const MAX_WAITING_LINES = 64;
/** Resets that the USB-Serial/JTAG does not outlive; one of the core alone leaves it be. */
const WHOLE_CHIP: readonly ResetCause[] = ["rtc-watchdog", "brownout"];

/** A board that has just been powered on. Throws as `openFlashFile`, `openStatsFile` and `readScript` where it has such a file. */
export function createBoard(options: BoardOptions, clock: Clock): Board {
  const silicon: Silicon = silicons[options.chip];
  const settings: SiliconSettings = {
    mac: options.mac,
    revision: options.revision ?? silicon.defaultRevision,
    security: new Set(options.security),
    crystalMhz: options.crystalMhz ?? silicon.crystalsMhz[0] ?? 40,
  };
  /** Real rate over the rate that the ROM believes in. */
  const clockRatio = settings.crystalMhz / (silicon.assumedCrystalMhz ?? settings.crystalMhz);
  const pace: TimingOptions = { mode: options.timing, usbLatencyMs: options.usbLatencyMs, speed: options.speed };
  const faults = createFaults(options.faults, options.seed);
  const dataListeners = new Set<(bytes: Uint8Array) => void>();
  const linkListeners = new Set<() => void>();

  const scripts = options.scriptFile === undefined ? [] : readScript(options.scriptFile, options.usb !== "uart");
  const bootCounts = openBootCounts(options.flashFile);
  const saveStats = options.statsFile === undefined ? undefined : openStatsFile(options.statsFile);
  const flash = createBoardFlash(options, faults);
  const bus = createFlashBus(flash, clock, pace, () => faults.writeRefused());
  const processor = createProcessor(clock, pace, () => dataListeners.size > 0);
  const slip = createSlipReceiver(
    (frame) => processor.offer(frame),
    () => processor.waitingFrames,
  );
  const consoleInput = createConsoleInput((line) => {
    if (processor.waitingFrames < MAX_WAITING_LINES) processor.offer(line);
  });
  const uart = createUart(clock, pace, faults, {
    seed: options.seed,
    autoBaudLimits: silicon.autoBaudLimits,
    romBaud: PRINTED_BAUD * clockRatio,
    hasBaud: options.usb === "uart",
    toChip(bytes, followsOn) {
      if (!followsOn) slip.rest();
      bytes.forEach((byte) => (stage === "app" ? consoleInput : slip).push(byte));
    },
    toHost: (bytes) => dataListeners.forEach((listener) => listener(bytes)),
  });
  let stage: Stage = "boot";
  const inLoader = (): boolean => stage === "rom" || stage === "stub";
  const tally = { ...noStats };
  let downloadForced = false;
  const count = (what: keyof BoardStats): void => {
    tally[what]++;
    saveStats?.({ ...tally, ...flash.counters });
  };

  const loseLink = (): void => linkListeners.forEach((listener) => listener());
  const usb = createUsbPresence(clock, loseLink);
  const hasOwnUsb = options.usb !== "uart";

  const enter = (next: Stage): void => {
    stage = next;
    consoleInput.clear();
    if (next === "rom") count("loaderEntries");
    if (next === "app") uart.setChipBaud(PRINTED_BAUD * clockRatio);
    const rules = SLIP_RULES[next];
    const maxFrameBytes = options.usb === "otg" ? Math.min(rules.maxFrameBytes, OTG_FRAME_BYTES) : rules.maxFrameBytes;
    slip.restart({ ...rules, maxFrameBytes });
    if (next === "stub" || next === "app") return;
    bus.attached = false;
    bus.limitBytes = silicon.defaultFlashBytes;
    bus.reachBytes = SHORT_ADDRESSES_BYTES;
    uart.measure();
  };

  const start = (bootMode: BootMode, cause: ResetCause): void => {
    const registers = createRegisters(silicon, settings, bus, (address, value, read) => {
      const { efuses, forceDownload } = silicon;
      if (address >= efuses.start && address < efuses.end) tally.efuseWrites++;
      if (address === forceDownload?.register) downloadForced = (value & forceDownload.mask) !== 0;
      watchdogs.written(address, value, read);
    });
    registers.setBaud(PRINTED_BAUD * clockRatio);
    registers.preset(silicon.strapRegister, silicon.strapValues[bootMode]);
    const { forceDownload } = silicon;
    if (forceDownload !== undefined && downloadForced) registers.preset(forceDownload.register, forceDownload.mask);
    const machine = createMachine({
      silicon,
      settings,
      registers,
      bus,
      uart,
      faults,
      clockRatio,
      bootMode,
      scripts,
      bootCounts,
      stage: () => stage,
      enter,
      resetsItself(why) {
        count("ownResets");
        if (options.usb === "otg" || (hasOwnUsb && WHOLE_CHIP.includes(why))) usb.leave(timing.usbEnumerationMs);
      },
      leaveUsb(durationMs) {
        if (hasOwnUsb) usb.leave(durationMs);
      },
      loseLink,
      brownOut,
      systemReset: () => circuit.systemReset(),
    });
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
    count("ownResets");
    if (hasOwnUsb) usb.leave(timing.usbEnumerationMs);
    start(options.boot, "brownout");
  };

  const started = (mode: BootMode, cause: ResetCause): void => {
    const { forceDownload } = silicon;
    if (cause !== "power-on") count(cause === "rtc-watchdog" ? "ownResets" : "resets");
    if (cause !== "usb") downloadForced = false;
    if (cause === "power-on" || cause === "enable" || cause === "rtc-watchdog") watchdogs.stop();
    if (cause === "usb" && mode === "download") {
      watchdogs.leftRunning();
      downloadForced ||= forceDownload?.sticks === true;
    }
    start(mode, cause);
  };
  const io0 = options.boot === "download" ? "held" : "connected";
  const circuit =
    options.usb === "uart"
      ? createResetCircuit(clock, faults.io0Cut ? "cut" : io0, { stopped: stop, started })
      : createUsbReset(clock, options.usb, options.boot, {
          stopped: stop,
          started,
          downloadForced: () => downloadForced,
          loaderListens: () => inLoader() && processor.listensForFrames,
          portLost: () => usb.leave(),
          portBack: () => usb.comeBack(timing.usbEnumerationMs),
        });
  const watchdogs = createWatchdogs(clock, silicon.watchdogs, () => circuit.systemReset());

  const productId = options.usb === "jtag" ? SERIAL_JTAG : options.usb === "otg" ? silicon.usb.otgProductId : undefined;

  const powerLost = (): void => {
    circuit.powerOff();
    uart.cancel();
    watchdogs.stop();
  };
  const powerOn = (): void => {
    count("powerOns");
    circuit.powerOn();
  };
  powerOn();

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
    get present() {
      return usb.present;
    },
    powerCycle() {
      powerLost();
      powerOn();
    },
    flash,
    get counters() {
      return { ...tally, ...flash.counters };
    },
    ...(productId === undefined ? {} : { usb: { vendorId: ESPRESSIF, productId } }),
    get inDownloadMode() {
      return inLoader();
    },
    close() {
      powerLost();
      flash.close();
      saveStats?.({ ...tally, ...flash.counters });
    },
  };
}
