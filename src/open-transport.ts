import type { Clock } from "./base/clock.js";
import { FlashError } from "./base/errors.js";
import { parseRfc2217Url } from "./transport/rfc2217-url.js";
import { parseTcpUrl } from "./transport/tcp-url.js";
import type { Transport } from "./transport/transport.js";

/** The rate at which every loader can be spoken to first. */
const FIRST_BAUD = 115_200;

interface OpenOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hears what a person should know about this port, as one line each. */
  readonly onMessage?: (text: string) => void;
}

interface Opener {
  /** Throws `input/invalid` when the text cannot name such a port. */
  check(port: string): void;
  open(port: string, options: OpenOptions): Promise<Transport>;
}

/** A new kind of port is a row here. Each loads only what it needs. */
const openers: Readonly<Record<string, Opener>> = {
  "rfc2217:": {
    check: parseRfc2217Url,
    open: async (port, options) => (await import("./transport/rfc2217.js")).openRfc2217(port, FIRST_BAUD, options),
  },
  "tcp:": {
    check: parseTcpUrl,
    open: async (port, options) => (await import("./transport/tcp.js")).openTcp(port, options),
  },
  "virtual:": {
    check: checkVirtual,
    open: async (port, { clock }) => (await import("./virtual/virtual-transport.js")).openVirtualTransport(port, clock),
  },
};

const serialOpener: Opener = {
  check: checkSerialName,
  open: async (port, options) => (await import("./transport/serial.js")).openSerial(port, FIRST_BAUD, options),
};

/** Two letters at least, as one is a drive of Windows. */
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** Checks how the input `port` is written, without opening anything. Throws `input/invalid`. */
export function checkPort(port: string): void {
  findOpener(port).check(port);
}

/**
 * Opens what the input `port` names: a device path, `rfc2217://host:port`, `tcp://host:port` or `virtual:<chip>`. Throws `input/invalid` and the
 * `port/…` errors of its kind; rejects with the signal's reason when that aborts first.
 */
export async function openTransport(port: string, options: OpenOptions): Promise<Transport> {
  const opener = findOpener(port);
  opener.check(port);
  options.signal.throwIfAborted();
  return opener.open(port, options);
}

function findOpener(port: string): Opener {
  const scheme = SCHEME.exec(port)?.[0].toLowerCase();
  if (scheme === undefined) return serialOpener;
  const opener = openers[scheme];
  if (opener) return opener;
  throw invalidPort(`begins with ${scheme}, which is no kind of port`);
}

function checkVirtual(port: string): void {
  if (!/^virtual:[a-z0-9-]+(\?[!-~]*)?$/.test(port)) throw invalidPort("names no virtual board");
}

function checkSerialName(port: string): void {
  const [pattern, example] =
    process.platform === "win32" ? [/^(\\\\\.\\)?COM[1-9]\d*$/i, "COM3"] : [/^\/[^\p{Cc}]+$/u, "/dev/ttyUSB0"];
  if (!pattern.test(port)) throw invalidPort(`is no device of this system, such as ${example}`);
}

function invalidPort(problem: string): FlashError {
  return new FlashError(
    "input/invalid",
    `\`port\` ${problem}: use the path of a serial device, rfc2217://host:port, tcp://host:port, or virtual:esp32`,
    { input: "port" },
  );
}
