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
const READ_BUFFER_BYTES = 65536;
/**
* Reads a port to its end; a read is always pending, because only so the system tells at once that the port is gone.
* Returns the function that stops it, to be called before the port is closed. It resolves when no read is under way any
* more: one left over would keep the port's lock for a moment, or read from the next port that gets the same descriptor.
*/
function startReading(binding, listener) {
	let isStopped = false;
	async function readAll() {
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
		if (!("poller" in binding)) return;
		binding.poller.stop();
		await reading;
	};
}
/** Waits for bytes and returns how many came; 0 means that the port is gone, or that reading was stopped. */
async function readSome(binding, buffer, isStopped) {
	if (!("poller" in binding)) return (await binding.read(buffer, 0, buffer.length)).bytesRead;
	while (binding.fd !== null && !isStopped()) {
		try {
			return (await readFile(binding.fd, buffer, 0, buffer.length, null)).bytesRead;
		} catch (error) {
			if (!["EAGAIN", "EINTR"].includes(error.code ?? "")) throw error;
		}
		if (isStopped()) return 0;
		await new Promise((resolve, reject) => {
			binding.poller.once("readable", (error) => error ? reject(error) : resolve());
		});
	}
	return 0;
}
export { openBinding, startReading };
