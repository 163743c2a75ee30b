import { at as FlashError } from "./first-line.js";
import { n as guardSending, t as createLink } from "./link.js";
import { t as connectSocket } from "./tcp-socket.js";
import { Bt as parseTcpUrl } from "./step.js";
// src/transport/tcp.ts
const CONNECT_TIMEOUT_MS = 1e4;
/** No line behind a raw connection is taken to be slower. */
const SLOW_BAUD = 9600;
/**
* Raw bytes over a TCP connection: no control lines, no baud rate.
* Throws `input/invalid` for a bad URL and `port/open-failed` with the reason when there is no connection after 10 s.
*/
async function openTcp(url, { clock, signal }) {
	const address = parseTcpUrl(url);
	const link = createLink(url);
	let socket = await connectSocket(url, address, {
		clock,
		signal,
		timeoutMs: CONNECT_TIMEOUT_MS
	});
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
		write: (bytes) => guardSending(link, clock, {
			lengthBytes: bytes.length,
			baud: SLOW_BAUD
		}, () => new Promise((resolve, reject) => {
			socket.write(bytes, (error) => {
				if (!error) resolve();
				else reject(new FlashError("port/lost", `${url} was lost: ${error.message}`, { port: url }, error));
			});
		})),
		setSignals: () => Promise.reject(new FlashError("port/no-lines", `${url} is a raw TCP connection, which has no DTR and RTS`)),
		confirm: () => Promise.resolve(),
		setBaudRate: () => Promise.resolve(),
		subscribe: (listener) => link.subscribe(listener),
		async reopen() {
			await close();
			socket = await connectSocket(url, address, {
				clock,
				signal,
				timeoutMs: CONNECT_TIMEOUT_MS
			});
			attach(socket);
		},
		close
	};
}
export { openTcp };
