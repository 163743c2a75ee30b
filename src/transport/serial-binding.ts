import { read } from "node:fs";
import { promisify } from "node:util";
import { SerialPort } from "serialport";

// The binding is used below serialport's stream, for one reason: after a hang-up a read of the Unix bindings gets 0 bytes and
// begins again for ever, at full load and without an event (bindings-cpp 13.0.0 `unix-read.ts`). Here 0 bytes are the end.

/** One open port, as the addon sees it. */
export type SerialBinding = Awaited<ReturnType<typeof SerialPort.binding.open>>;

const readFile = promisify(read);

/**
 * Opens a port and takes its advisory lock. Rejects with the addon's own wording. The kernel drops both lines on
 * closing (HUPCL): where they are released already that changes nothing, and it lets go of a chip that a killed process
 * held in reset.
 */
export function openBinding(path: string, baudRate: number): Promise<SerialBinding> {
  return SerialPort.binding.open({ path, baudRate, lock: true, hupcl: true });
}

/** Hears what an open port brings. */
interface ReadListener {
  /** May be kept. */
  data(bytes: Uint8Array): void;
  /** The port is gone, with the system's error if there was one. Nothing follows. */
  ended(thrown?: unknown): void;
}

const READ_BUFFER_BYTES = 65_536;

/**
 * Reads a port to its end; a read is always pending, because only so the system tells at once that the port is gone.
 * Returns the function that stops it, to be called before the port is closed. It resolves when no read is under way any
 * more: one left over would keep the port's lock for a moment, or read from the next port that gets the same descriptor.
 */
export function startReading(binding: SerialBinding, listener: ReadListener): () => Promise<void> {
  let isStopped = false;

  async function readAll(): Promise<void> {
    const buffer = Buffer.allocUnsafe(READ_BUFFER_BYTES);
    try {
      for (;;) {
        const lengthBytes = await readSome(binding, buffer, () => isStopped);
        if (isStopped) return;
        if (lengthBytes === 0) break;
        listener.data(new Uint8Array(buffer.subarray(0, lengthBytes)));
      }
      listener.ended();
    } catch (thrown) {
      if (!isStopped) listener.ended(thrown);
    }
  }

  const reading = readAll();
  return async () => {
    isStopped = true;
    // On Windows it is closing that ends the read.
    if (!("poller" in binding)) return;
    binding.poller.stop();
    await reading;
  };
}

/** Waits for bytes and returns how many came; 0 means that the port is gone, or that reading was stopped. */
async function readSome(binding: SerialBinding, buffer: Buffer, isStopped: () => boolean): Promise<number> {
  if (!("poller" in binding)) return (await binding.read(buffer, 0, buffer.length)).bytesRead;
  while (binding.fd !== null && !isStopped()) {
    try {
      return (await readFile(binding.fd, buffer, 0, buffer.length, null)).bytesRead;
    } catch (error) {
      if (!["EAGAIN", "EINTR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
    if (isStopped()) return 0;
    await new Promise<void>((resolve, reject) => {
      binding.poller.once("readable", (error: Error | null) => (error ? reject(error) : resolve()));
    });
  }
  return 0;
}
