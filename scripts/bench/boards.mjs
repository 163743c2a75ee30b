import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";

/**
 * Boards in processes of their own, at most 16 each, until `close`.
 * @param {string} script `serve-boards`, bundled.
 * @param {string[]} boards Their `virtual:` URLs.
 * @returns {Promise<{ urls: string[], close: () => void }>}
 */
export async function serveBoards(script, boards) {
  /** @type {string[]} */
  const urls = [];
  /** @type {import("node:child_process").ChildProcess[]} */
  const children = [];
  for (let at = 0; at < boards.length; at += 16) {
    const args = [script, ...boards.slice(at, at + 16)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const text = String(await once(child.stdout, "data"));
    /** @type {unknown} */
    const ports = JSON.parse(text);
    for (const port of /** @type {number[]} */ (ports)) urls.push(`rfc2217://127.0.0.1:${port}`);
  }
  return { urls, close: () => children.forEach((child) => child.kill()) };
}

/** SET-CONTROL of RFC 2217: IAC SB COM-PORT-OPTION SET-CONTROL; the values 8 to 12 are about DTR and RTS. */
const SET_CONTROL = Buffer.of(0xff, 0xfa, 0x2c, 0x05);

/** @param {Buffer} chunk */
function changesLines(chunk) {
  for (let at = chunk.indexOf(SET_CONTROL); at >= 0; at = chunk.indexOf(SET_CONTROL, at + 1)) {
    const value = chunk[at + SET_CONTROL.length] ?? 0;
    if (value >= 8 && value <= 12) return true;
  }
  return false;
}

/**
 * Stands before a board and tells when its lines are first changed.
 * @param {string} url @param {() => void} onChange
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function watchLines(url, onChange) {
  const server = createServer((client) => {
    const board = createConnection(Number(new URL(url).port), "127.0.0.1");
    client.on("data", (chunk) => {
      if (changesLines(chunk)) onChange();
      board.write(chunk);
    });
    board.on("data", (chunk) => client.write(chunk));
    for (const [one, other] of [
      [client, board],
      [board, client],
    ]) {
      one?.on("error", () => other?.destroy());
      one?.on("close", () => other?.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `rfc2217://127.0.0.1:${address.port}`, close: () => server.close() };
}
