import { n as loadPrebuild, t as init_serial_prebuilds } from "./serial-prebuilds.js";
import { getSystemErrorName } from "node:util";
// src/transport/serial-koffi.ts
init_serial_prebuilds();
/** Takes the place of `koffi` in the built action. Importing it throws where no file loads. */
var serial_koffi_default = loadPrebuild({
	"linux-x64": ["linux-x64/koffi.glibc.node", "linux-x64/koffi.musl.node"],
	"linux-arm64": ["linux-arm64/koffi.glibc.node"],
	"linux-arm": ["linux-arm/koffi.glibc.node"]
});
// src/transport/serial-ioctl.ts
const TIOCMGET = 21525;
const TIOCMSET = 21528;
const TIOCM_DTR = 2;
const TIOCM_RTS = 4;
const ioctl = serial_koffi_default.load(null).func("int ioctl(int, unsigned long, _Inout_ int *)");
/** Sets both lines of an open port in one step. Throws an error whose `code` is the system's, such as `EIO`. */
function setLinesByIoctl(fileDescriptor, lines) {
	const bits = [0];
	check(ioctl(fileDescriptor, TIOCMGET, bits), "TIOCMGET");
	const wanted = bits[0] & -7 | (lines.dtr ? TIOCM_DTR : 0) | (lines.rts ? TIOCM_RTS : 0);
	check(ioctl(fileDescriptor, TIOCMSET, [wanted]), "TIOCMSET");
}
function check(result, request) {
	if (result !== -1) return;
	const code = getSystemErrorName(-serial_koffi_default.errno());
	throw Object.assign(/* @__PURE__ */ new Error(`${request} fails with ${code}`), { code });
}
export { setLinesByIoctl };
