import { at as FlashError, ct as scheduleDeadline } from "./first-line.js";
import { createConnection } from "node:net";
// src/transport/tcp-socket.ts
/** A peer that vanished without a word is noticed by the system's own probes from then on. */
const KEEP_ALIVE_MS = 1e4;
const CONNECT_PROBLEMS = {
	ECONNREFUSED: "nothing listens there",
	EHOSTUNREACH: "there is no way to that host",
	ENETUNREACH: "there is no way to that network",
	ENOTFOUND: "no host has that name",
	ETIMEDOUT: "the host did not answer"
};
/**
* A connection whose small writes leave at once. Rejects with `port/open-failed` and the reason, or with the signal's
* reason. `url` is the port's name, for messages.
*/
function connectSocket(url, address, { clock, signal, timeoutMs }) {
	return new Promise((resolve, reject) => {
		const socket = createConnection({
			host: address.host,
			port: address.port,
			noDelay: true,
			keepAlive: true,
			keepAliveInitialDelay: KEEP_ALIVE_MS
		});
		const settle = (error) => {
			stopTimer();
			signal.removeEventListener("abort", onAbort);
			socket.off("error", settle);
			if (!error) {
				resolve(socket);
				return;
			}
			socket.destroy();
			reject(error instanceof FlashError || signal.aborted ? error : connectError(url, error));
		};
		const onAbort = () => settle(signal.reason);
		const stopTimer = scheduleDeadline(clock, timeoutMs, () => settle(new FlashError("port/open-failed", `${url} did not answer within ${timeoutMs / 1e3} s`, { port: url })));
		socket.once("connect", () => settle());
		socket.once("error", settle);
		if (signal.aborted) onAbort();
		else signal.addEventListener("abort", onAbort, { once: true });
	});
}
function connectError(url, error) {
	const problem = CONNECT_PROBLEMS[error.code ?? ""];
	const said = error.message || (error.code ?? error.name);
	const text = problem ? `${problem} (${said})` : said;
	return new FlashError("port/open-failed", `cannot connect to ${url}: ${text}`, { port: url }, error);
}
export { connectSocket as t };
