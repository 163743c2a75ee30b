import { t as require_dist } from "./dist.js";
import { promisify } from "node:util";
import { read } from "node:fs";
// src/transport/serial-binding.ts
var import_dist = require_dist();
const readFile = promisify(read);
/**
* Opens a port and takes its advisory lock. Rejects with the addon's own wording. The kernel drops both lines on
* closing (HUPCL): where they are released already that changes nothing, and it lets go of a chip that a killed process
* held in reset.
*/
function openBinding(path, baudRate) {
	return import_dist.SerialPort.binding.open({
		path,
		baudRate,
		lock: true,
		hupcl: true
	});
}
/** Waits for bytes and returns how many came; 0 means that the port is gone. */
async function readSome(binding, buffer) {
	if (!("poller" in binding)) return (await binding.read(buffer, 0, buffer.length)).bytesRead;
	while (binding.fd !== null) {
		try {
			return (await readFile(binding.fd, buffer, 0, buffer.length, null)).bytesRead;
		} catch (error) {
			if (!["EAGAIN", "EINTR"].includes(error.code ?? "")) throw error;
		}
		await new Promise((resolve, reject) => {
			binding.poller.once("readable", (error) => error ? reject(error) : resolve());
		});
	}
	return 0;
}
export { openBinding, readSome };
