import { readFile, realpath } from "node:fs/promises";
import path from "node:path";

interface UsbIds {
  readonly vendorId: number;
  readonly productId: number;
}

/**
 * Vendor and product of the USB device behind a port, where the system tells: Linux, in `sysfs`. The interface lies one or
 * two levels below the device that has the ids.
 */
export async function readUsbIds(port: string, sysfs = "/sys"): Promise<UsbIds | undefined> {
  try {
    const tty = path.basename(await realpath(port));
    let device = await realpath(path.join(sysfs, "class", "tty", tty, "device"));
    for (let level = 0; level < 3; level++) {
      const [vendorId, productId] = await Promise.all([readId(device, "idVendor"), readId(device, "idProduct")]);
      if (vendorId !== undefined && productId !== undefined) return { vendorId, productId };
      device = path.dirname(device);
    }
  } catch {
    // Not Linux, not USB, or gone already: then the ids are unknown, which is a valid answer.
  }
  return undefined;
}

async function readId(device: string, name: string): Promise<number | undefined> {
  const text = await readFile(path.join(device, name), "utf8").catch(() => undefined);
  return text === undefined ? undefined : Number.parseInt(text, 16);
}
