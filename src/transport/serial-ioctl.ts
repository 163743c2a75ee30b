import { getSystemErrorName } from "node:util";
import koffi from "koffi";
import type { ControlLines } from "./transport.js";

// Linux `asm-generic/ioctls.h` and `asm-generic/termios.h`; the same on x86 and ARM.
const TIOCMGET = 0x5415;
const TIOCMSET = 0x5418;
const TIOCM_DTR = 0x002;
const TIOCM_RTS = 0x004;

/** Takes an array of one number, which it reads or fills, and returns -1 on failure. */
type Ioctl = (fileDescriptor: number, request: number, bits: [number]) => number;

const ioctl = koffi.load(null).func("int ioctl(int, unsigned long, _Inout_ int *)") as Ioctl;

/** Sets both lines of an open port in one step. Throws an error whose `code` is the system's, such as `EIO`. */
export function setLinesByIoctl(fileDescriptor: number, lines: ControlLines): void {
  const bits: [number] = [0];
  check(ioctl(fileDescriptor, TIOCMGET, bits), "TIOCMGET");
  const others = bits[0] & ~(TIOCM_DTR | TIOCM_RTS);
  const wanted = others | (lines.dtr ? TIOCM_DTR : 0) | (lines.rts ? TIOCM_RTS : 0);
  check(ioctl(fileDescriptor, TIOCMSET, [wanted]), "TIOCMSET");
}

function check(result: number, request: string): void {
  if (result !== -1) return;
  const code = getSystemErrorName(-koffi.errno());
  throw Object.assign(new Error(`${request} fails with ${code}`), { code });
}
