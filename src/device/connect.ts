import { FlashError, hasCode } from "../base/errors.js";
import { opcodes } from "../protocol/opcodes.js";
import { decodeReply } from "../protocol/packet.js";
import { statusCodes } from "../protocol/status-codes.js";
import { getSecurityInfo, sync } from "../protocol/system-commands.js";
import { chipByMagic } from "../chips/index.js";
import type { Transport } from "../transport/transport.js";
import { autoBauds } from "./baud-rates.js";
import type { Connection } from "./connection.js";
import { refusedStatus } from "./connection.js";
import { MAGIC_ADDRESS } from "./identify.js";
import { isShortHold, loaderResets, resetSteps, runResetSteps, SHORT_HOLD_MS } from "./reset.js";
import type { ResetStep } from "./reset-sequence.js";
import { readRegisterRaw } from "./registers.js";

/** What answers: the chip's ROM, or a stub that an earlier job left running. */
export type Loader = "rom" | "stub";

export interface ConnectOptions {
  readonly before: "default-reset" | "usb-reset" | "no-reset" | "no-reset-no-sync";
  readonly attempts: number;
  /** Rate at which the ROM is spoken to: it measures the rate itself, and 115200 works with every chip. */
  readonly baud: number;
  /** Rates that a stub of an earlier job may have been left at; those of the port where nobody knows. */
  readonly leftoverBauds?: readonly number[];
  /** Steps into the loader, instead of the usual ones. */
  readonly resetSequence?: readonly ResetStep[];
}

// esptool `loader.py` l.720-900 at bb72741: five syncs an attempt, 100 ms each, 50 ms between them.
const SYNCS_PER_ATTEMPT = 5;
const SYNC_PAUSE_MS = 50;
/** ROM and stub answer each SYNC eight times. */
const SYNC_REPLIES = 8;
/** Behind the status most ROMs send two more bytes, the stub none. */
const STUB_STATUS_BYTES = 2;

/**
 * The loader's answer to one SYNC, or to an earlier one where the way is long; `undefined` if there was none. A stub answers
 * with the value 0, a ROM never.
 */
async function trySync(connection: Connection): Promise<Loader | undefined> {
  try {
    const values = [(await connection.request(sync())).value];
    while (values.length < SYNC_REPLIES) {
      const reply = decodeReply(await connection.nextFrame(sync().timeoutMs, "the eight answers to a sync"));
      if (reply?.op === opcodes.sync) values.push(reply.value);
    }
    return values.every((value) => value === 0) ? "stub" : "rom";
  } catch (error) {
    // A stub may have an error of its last job to tell first; a line with noise may lose one of the eight.
    if (hasCode(error, "device/timeout", "device/bad-reply", "device/rejected", "device/checksum")) return undefined;
    throw error;
  }
}

async function syncAttempt(connection: Connection): Promise<Loader | undefined> {
  for (let tried = 0; tried < SYNCS_PER_ATTEMPT; tried++) {
    const loader = await trySync(connection);
    if (loader !== undefined) return loader;
    await connection.sleep(SYNC_PAUSE_MS);
  }
  return undefined;
}

/** Boot modes by the ROM's own names, and what it says when it waits (ESP32 ROM of 2019 and C3 ROM of 2021). */
const DOWNLOAD_MODE = /UART\d?_BOOT|DOWNLOAD|waiting for download|wait uart/i;
const BOOT_BANNER = /boot:(0x[0-9a-f]+)[^\r\n]*[\s\S]*$/i;

/** Reset reasons of the ROMs (`RTCWDT_BROWN_OUT_RESET`), and what ESP-IDF says before it resets the chip. */
const BROWNOUT = /BROWN_?OUT_RE?SE?T|Brownout detector was triggered/i;

/** What the board said while nobody answered, and so what is wrong. */
function verdict(log: string, name: string, wasReset: boolean): FlashError {
  const tail = { log: log.slice(-400) };
  if (log.length === 0) return new FlashError("connect/silent", `The board at ${name} sent nothing.`);
  if (BROWNOUT.test(log)) {
    return new FlashError("connect/brownout", `The board at ${name} resets because its supply breaks down.`, tail);
  }
  const banner = BOOT_BANNER.exec(log.slice(Math.max(0, log.lastIndexOf("boot:0x"))));
  if (banner !== null && DOWNLOAD_MODE.test(banner[0])) {
    return new FlashError("connect/no-reply", `The board at ${name} waits for a download but answers no sync.`, tail);
  }
  if (banner !== null) {
    const mode = banner[1] ?? "";
    return new FlashError("connect/run-mode", `The board at ${name} started from flash (boot mode ${mode}).`, tail);
  }
  const text = log.replaceAll(/[^\x20-\x7e\r\n\t]/g, "");
  if (!wasReset && text.length > log.length * 0.9) {
    return new FlashError("connect/run-mode", `The board at ${name} runs its firmware and was not reset.`, tail);
  }
  return new FlashError("connect/no-sync", `${log.length} bytes came from ${name}, but no answer to a sync.`, tail);
}

/** Rates to try by turns, one an attempt. Without a reset the loader keeps the rate that it had; a link without rates has no other. */
function baudsOf(transport: Transport, options: ConnectOptions, isReset: boolean): readonly number[] {
  if (isReset || !transport.capabilities.baudRate) return [options.baud];
  return [...new Set([options.baud, ...(options.leftoverBauds ?? autoBauds(transport))])];
}

/** Whether the port is at `baud` now. Of several rates it need not know each. */
async function setsBaud(transport: Transport, baud: number, bauds: readonly number[]): Promise<boolean> {
  try {
    await transport.setBaudRate(baud);
    return true;
  } catch (error) {
    if (bauds.length === 1 || !hasCode(error, "device/baud")) throw error;
    return false;
  }
}

/** Which loader answers without a sync: most ROMs add two bytes to each reply, which a stub does not. */
async function loaderInReply(connection: Connection): Promise<Loader> {
  const { reply } = await readRegisterRaw(connection, MAGIC_ADDRESS);
  const chip = chipByMagic(reply.value);
  if (reply.body.length !== STUB_STATUS_BYTES) return "rom";
  if (chip?.romDialect.statusBytes !== STUB_STATUS_BYTES) return "stub";
  // The ESP8266's ROM answers as short as its stub; only the reason of a refusal tells them apart.
  return connection.request(getSecurityInfo()).then(
    () => "stub",
    (error: unknown) => {
      const status = refusedStatus(error);
      if (status === undefined) throw error;
      return status === statusCodes.romUnsupported ? "rom" : "stub";
    },
  );
}

/** A loader that answers. */
export interface Contact {
  readonly loader: Loader;
  /** The rate that it is spoken to at. */
  readonly baud: number;
  /** How long EN has to be held low to reset the board, where its boot log has shown that less than usual is enough. */
  readonly enHoldMs?: number;
}

/**
 * Brings the board into its loader and finds out which one answers, and at which rate. Rejects with a `connect/…`
 * code that says what the board did instead, or `port/…` where the lines do not work.
 */
export async function connect(connection: Connection, options: ConnectOptions): Promise<Contact> {
  const { transport } = connection;
  if (options.before === "no-reset-no-sync") {
    await transport.setBaudRate(options.baud);
    return { loader: await loaderInReply(connection), baud: options.baud };
  }
  const isReset = options.before !== "no-reset" && transport.capabilities.controlLines;
  const usual = isReset ? loaderResets(transport, options.before === "usb-reset").map(resetSteps) : [];
  const resets = isReset && options.resetSequence !== undefined ? [options.resetSequence] : usual;
  const bauds = baudsOf(transport, options, isReset);
  connection.takeStray();
  let log = "";
  for (let attempt = 0; attempt < options.attempts; attempt++) {
    const baud = bauds[attempt % bauds.length] ?? options.baud;
    if (!(await setsBaud(transport, baud, bauds))) continue;
    connection.drain();
    const reset = resets[attempt % resets.length];
    log += connection.takeStray();
    if (reset !== undefined) await runResetSteps(transport, reset, connection.clock, connection.signal);
    const loader = await syncAttempt(connection);
    const said = connection.takeStray();
    log += said;
    if (loader === "stub" && isReset) {
      // A longer hold may do what this one did not.
      if (reset !== undefined && isShortHold(reset) && attempt + 1 < options.attempts) continue;
      throw new FlashError(
        "connect/not-reset",
        `The reset lines of ${transport.name} have no effect: the stub of an earlier job still answers.`,
      );
    }
    if (loader === undefined) continue;
    // A loader that was there before answers as well, but prints nothing.
    const wasSeen = reset !== undefined && isShortHold(reset) && BOOT_BANNER.test(said);
    return { loader, baud, ...(wasSeen && { enHoldMs: SHORT_HOLD_MS }) };
  }
  throw verdict(log + connection.takeStray(), transport.name, isReset);
}
