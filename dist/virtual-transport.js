import { at as FlashError, dt as systemClock } from "./first-line.js";
import { n as parseBoardOptions, r as createBoard, t as createPunctualClock } from "./punctual-clock.js";
// src/virtual/virtual-transport.ts
/**
* A port of a board that someone else holds: closing it leaves the board switched on, as unplugging nothing would.
* `name` is how logs call it.
*/
function boardTransport(board, name) {
	const listeners = /* @__PURE__ */ new Set();
	let state = "closed";
	let detach;
	const lost = () => new FlashError("port/lost", `The link to ${name} is gone.`, { port: name });
	/** Runs `act` if the link is there; the promise rejects otherwise. */
	const onLink = (act) => {
		if (state !== "open") return Promise.reject(lost());
		act();
		return Promise.resolve();
	};
	const attach = () => {
		const stopData = board.onData((bytes) => listeners.forEach((listener) => listener.data(bytes)));
		const stopLink = board.onLinkLost(() => {
			state = "lost";
			detach?.();
			queueMicrotask(() => [...listeners].forEach((listener) => listener.closed(lost())));
		});
		detach = () => {
			stopData();
			stopLink();
			detach = void 0;
		};
		state = "open";
	};
	attach();
	return {
		name,
		capabilities: {
			controlLines: true,
			atomicLines: true,
			baudRate: true,
			...board.usb === void 0 ? {} : { usb: board.usb }
		},
		write: (bytes) => onLink(() => board.receive(bytes)),
		setSignals: (lines) => onLink(() => board.setLines(lines)),
		confirm: () => onLink(() => void 0),
		setBaudRate: (baud) => onLink(() => board.setHostBaud(baud)),
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		reopen() {
			if (state === "open") return Promise.resolve();
			if (!board.present) {
				const message = `There is no port ${name} at the moment.`;
				return Promise.reject(new FlashError("port/not-found", message, { port: name }));
			}
			attach();
			return Promise.resolve();
		},
		close() {
			if (state === "open") board.setLines({
				dtr: false,
				rts: false
			});
			detach?.();
			listeners.clear();
			state = "closed";
			return Promise.resolve();
		}
	};
}
/**
* Powers a virtual board on and opens its port; closing it switches the board off. Rejects with `input/invalid` for a
* URL that is none, and as `openFlashFile` for its flash file.
*/
async function openVirtualTransport(url, clock) {
	const boardClock = clock === systemClock ? createPunctualClock() : clock;
	const board = createBoard(parseBoardOptions(url), boardClock);
	const transport = boardTransport(board, url);
	let closed = false;
	return Promise.resolve({
		...transport,
		async close() {
			if (closed) return;
			closed = true;
			await transport.close();
			board.close();
		}
	});
}
export { openVirtualTransport };
