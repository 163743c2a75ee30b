import { at as FlashError, ct as scheduleDeadline } from "./first-line.js";
// src/transport/link.ts
/** What a stuck far end gets beyond the time on the wire (esptool `loader.py` at bb72741: 10 s a write). */
const STUCK_MS = 1e4;
/**
* `operation` sends `lengthBytes`, or waits until they have left. As `guard`; a far end that takes them in no time that the
* wire at `baud` could need makes the link lost.
*/
function guardSending(link, clock, { lengthBytes, baud }, operation) {
	const timeoutMs = STUCK_MS + Math.ceil(lengthBytes * 1e4 / baud);
	let stopTimer = () => void 0;
	return link.guard(() => {
		const seconds = (timeoutMs / 1e3).toFixed(1);
		stopTimer = scheduleDeadline(clock, timeoutMs, () => link.lost(`it took no bytes for ${seconds} s`));
		return operation();
	}).finally(() => stopTimer());
}
/** A link that is down until `opened`. `name` is the port's, for messages. */
function createLink(name) {
	const listeners = /* @__PURE__ */ new Set();
	const waiting = /* @__PURE__ */ new Set();
	let down = new FlashError("port/lost", `${name} is not open`, { port: name });
	function takeDown(reason) {
		down = reason;
		for (const reject of waiting) reject(reason);
		waiting.clear();
	}
	return {
		get isUp() {
			return down === void 0;
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		data(bytes) {
			if (down !== void 0) return;
			for (const listener of [...listeners]) listener.data(bytes);
		},
		opened() {
			down = void 0;
		},
		lost(why, cause) {
			if (down !== void 0) return;
			const reason = new FlashError("port/lost", `${name} was lost: ${why}`, { port: name }, cause);
			takeDown(reason);
			for (const listener of [...listeners]) listener.closed(reason);
		},
		ended() {
			takeDown(new FlashError("port/lost", `${name} is closed`, { port: name }));
		},
		guard(operation) {
			return new Promise((resolve, reject) => {
				if (down !== void 0) {
					reject(down);
					return;
				}
				waiting.add(reject);
				const settled = () => waiting.delete(reject);
				operation().then(resolve, reject).finally(settled);
			});
		}
	};
}
export { guardSending as n, createLink as t };
