import { at as FlashError } from "./first-line.js";
// src/transport/link.ts
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
export { createLink as t };
