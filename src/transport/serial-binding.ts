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

/** Waits for bytes and returns how many came; 0 means that the port is gone. */
export async function readSome(binding: SerialBinding, buffer: Buffer): Promise<number> {
  if (!("poller" in binding)) return (await binding.read(buffer, 0, buffer.length)).bytesRead;
  while (binding.fd !== null) {
    try {
      return (await readFile(binding.fd, buffer, 0, buffer.length, null)).bytesRead;
    } catch (error) {
      if (!["EAGAIN", "EINTR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
    await new Promise<void>((resolve, reject) => {
      binding.poller.once("readable", (error: Error | null) => (error ? reject(error) : resolve()));
    });
  }
  return 0;
}
