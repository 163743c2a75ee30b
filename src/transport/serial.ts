import type { Clock } from "../base/clock.js";
import { FlashError, hasCode } from "../base/errors.js";
import { createLink, guardSending } from "./link.js";
import type * as SerialAddon from "./serial-binding.js";
import { checkSerialPath, openError, wordsOf } from "./serial-errors.js";
import { createLineSetter } from "./serial-lines.js";
import { readUsbIds } from "./serial-usb.js";
import type { ControlLines, Transport } from "./transport.js";

const IDLE_LINES: ControlLines = { dtr: false, rts: false };

/** How long `close` waits for bytes that are still on their way; a port that takes nothing any more is cut off. */
const DRAIN_TIMEOUT_MS = 500;

/** More than driver and adapter hold on the way out. Assumed. */
const HELD_BYTES = 16_384;

interface SerialOptions {
  readonly clock: Clock;
  /** Hears what a person should know about this port; each message comes once. */
  readonly onMessage?: ((text: string) => void) | undefined;
}

/**
 * A serial port of this machine, locked against others. The kernel asserts both lines while it opens, which the usual
 * circuit takes for idle; they are released at once and also before closing, so that neither resets the board.
 * Throws `port/not-found`, `port/not-serial`, `port/permission`, `port/busy`, `port/open-failed`, or
 * `port/native-addon` when serialport's addon does not load.
 */
export async function openSerial(
  path: string,
  baud: number,
  { clock, onMessage = () => undefined }: SerialOptions,
): Promise<Transport> {
  const link = createLink(path);
  const setLinesOf = createLineSetter(path, onMessage);
  let rate = checkRate(baud);
  let lastWrite = Promise.resolve();
  let stopReading = (): Promise<void> => Promise.resolve();
  let binding = await open();
  const controlLines = await hasLines();
  const usb = await readUsbIds(path);

  async function open(): Promise<SerialAddon.SerialBinding> {
    await checkSerialPath(path);
    const { openBinding, startReading } = await loadAddon(path);
    const opened = await openBinding(path, rate).catch((thrown: unknown) => {
      throw openError(path, thrown);
    });
    link.opened();
    stopReading = startReading(opened, {
      data: (bytes) => link.data(bytes),
      ended: (thrown) => link.lost(thrown === undefined ? "the device is gone" : wordsOf(thrown), thrown),
    });
    return opened;
  }

  /** Sets the lines idle, as they stay until the board is reset on purpose, and tells whether there are any. */
  async function hasLines(): Promise<boolean> {
    try {
      await setLines(IDLE_LINES);
      return true;
    } catch (thrown) {
      if (hasCode(thrown, "port/no-lines")) return false;
      await close();
      throw thrown;
    }
  }

  /** One call of the addon; when it fails, the port is as good as gone. */
  function called(operation: () => Promise<void>): Promise<void> {
    return operation().catch((thrown: unknown) => {
      if (thrown instanceof FlashError) throw thrown;
      link.lost(wordsOf(thrown), thrown);
      throw new FlashError("port/lost", `${path} was lost: ${wordsOf(thrown)}`, { port: path }, thrown);
    });
  }

  function call(operation: () => Promise<void>): Promise<void> {
    return link.guard(() => called(operation));
  }

  function callSending(lengthBytes: number, operation: () => Promise<void>): Promise<void> {
    return guardSending(link, clock, { lengthBytes, baud: rate }, () => called(operation));
  }

  function setLines(lines: ControlLines): Promise<void> {
    return call(() => setLinesOf(binding, lines));
  }

  /** One write after the other: the addon would mix the pieces of two. */
  function write(bytes: Uint8Array): Promise<void> {
    return callSending(bytes.length, () => {
      const target = binding;
      const turn = lastWrite.then(() => target.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
      lastWrite = turn.catch(() => undefined);
      return turn;
    });
  }

  async function drainForClose(): Promise<void> {
    let stopTimer = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      stopTimer = clock.schedule(DRAIN_TIMEOUT_MS, resolve);
    });
    await Promise.race([call(() => binding.drain()), timeout]).finally(stopTimer);
    await call(() => binding.flush());
  }

  async function close(): Promise<void> {
    // Each of these fails only because the port is gone, and then there is nothing left to do with it.
    if (link.isUp) await drainForClose().catch(() => undefined);
    if (link.isUp) await setLines(IDLE_LINES).catch(() => undefined);
    link.ended();
    if (!binding.isOpen) return;
    // The kernel would wait half a minute for a device that takes nothing any more.
    await binding.flush().catch(() => undefined);
    await stopReading();
    await binding.close().catch(() => undefined);
  }

  return {
    name: path,
    // Windows needs one call a line (EscapeCommFunction).
    capabilities: { controlLines, atomicLines: process.platform !== "win32", baudRate: true, ...(usb && { usb }) },
    write,
    setSignals: setLines,
    // Lines are set by a request to the adapter, which fails where that does not answer.
    confirm: () => link.guard(() => Promise.resolve()),
    async setBaudRate(newBaud) {
      checkRate(newBaud);
      // Changing the rate throws away what has not been sent yet.
      await callSending(HELD_BYTES, () => binding.drain());
      rate = newBaud;
      await call(() => binding.update({ baudRate: rate }));
    },
    subscribe: (listener) => link.subscribe(listener),
    async reopen() {
      await close();
      binding = await open();
      await hasLines();
    },
    close,
  };
}

/** The addon takes 0 and negative rates without a word. */
function checkRate(baud: number): number {
  if (Number.isSafeInteger(baud) && baud > 0) return baud;
  throw new FlashError("input/invalid", `\`baud\` is ${baud}, which is no rate: use bits per second`, {
    input: "baud",
  });
}

async function loadAddon(port: string): Promise<typeof SerialAddon> {
  try {
    return await import("./serial-binding.js");
  } catch (thrown) {
    const platform = `${process.platform}-${process.arch}`;
    throw new FlashError(
      "port/native-addon",
      `cannot open ${port}: serialport's native part for ${platform} does not load (${wordsOf(thrown)})`,
      { port, platform },
      thrown,
    );
  }
}
