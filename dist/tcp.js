import { A as parseTcpUrl, I as FlashError } from "./step.js";
import { t as createLink } from "./link.js";
import { createConnection } from "node:net";
// src/transport/tcp.ts
const CONNECT_TIMEOUT_MS = 1e4;
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
* Raw bytes over a TCP connection: no control lines, no baud rate.
* Throws `input/invalid` for a bad URL and `port/open-failed` with the reason when there is no connection after 10 s.
*/
async function openTcp(url, { clock, signal }) {
	const address = parseTcpUrl(url);
	const link = createLink(url);
	let socket = await connectSocket(url, address, clock, signal);
	attach(socket);
	function attach(fresh) {
		fresh.on("data", (bytes) => link.data(bytes));
		fresh.on("error", (error) => link.lost(error.message, error));
		fresh.on("close", () => link.lost("the other side closed the connection"));
		link.opened();
	}
	async function close() {
		link.ended();
		if (socket.closed) return;
		await new Promise((resolve) => {
			socket.once("close", () => resolve());
			socket.destroy();
		});
	}
	return {
		name: url,
		capabilities: {
			controlLines: false,
			atomicLines: false,
			baudRate: false
		},
		write: (bytes) => link.guard(() => new Promise((resolve, reject) => {
			socket.write(bytes, (error) => {
				if (!error) resolve();
				else reject(new FlashError("port/lost", `${url} was lost: ${error.message}`, { port: url }, error));
			});
		})),
		setSignals: () => Promise.reject(new FlashError("port/no-lines", `${url} is a raw TCP connection, which has no DTR and RTS`)),
		setBaudRate: () => Promise.resolve(),
		subscribe: (listener) => link.subscribe(listener),
		async reopen() {
			await close();
			socket = await connectSocket(url, address, clock, signal);
			attach(socket);
		},
		close
	};
}
function connectSocket(url, address, clock, signal) {
	return new Promise((resolve, reject) => {
		const socket = createConnection({
			...address,
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
		const stopTimer = clock.schedule(CONNECT_TIMEOUT_MS, () => settle(new FlashError("port/open-failed", `${url} did not answer within ${CONNECT_TIMEOUT_MS / 1e3} s`, { port: url })));
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
export { openTcp };
