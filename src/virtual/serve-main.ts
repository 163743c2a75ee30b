import { parseArgs } from "node:util";
import { FlashError, toFlashError } from "../base/errors.js";
import { createBoard } from "./board.js";
import { parseBoardOptions } from "./board-options.js";
import { createPunctualClock } from "./punctual-clock.js";
import { serveBoard } from "./serve.js";

const USAGE = "usage: virtual-board [--raw <port>] [--rfc2217 <port>] [--host <address>] [--board 'virtual:esp32?…']";
const DEFAULT_HOST = "127.0.0.1";

function readPort(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new FlashError("input/invalid", `--${name} takes a port number from 0 to 65535, not "${text}".`);
}

function readArguments(args: readonly string[]): Parameters<typeof serveBoard>[2] & { readonly url: string } {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ args: [...args], options: { raw: text, rfc2217: text, host: text, board: text } });
  const ports = { rawPort: readPort("raw", values.raw), rfc2217Port: readPort("rfc2217", values.rfc2217) };
  if (ports.rawPort === undefined && ports.rfc2217Port === undefined) throw new FlashError("input/required", USAGE);
  return { ...ports, host: values.host ?? DEFAULT_HOST, url: values.board ?? "virtual:esp32" };
}

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2));
  const clock = createPunctualClock();
  const board = createBoard(parseBoardOptions(options.url), clock);
  try {
    const server = await serveBoard(board, clock, options);
    const { rawPort, rfc2217Port } = server;
    if (rawPort !== undefined) console.log(`raw: socket://${options.host}:${rawPort}`);
    if (rfc2217Port !== undefined) console.log(`RFC 2217: rfc2217://${options.host}:${rfc2217Port}`);
    await new Promise((resolve) => {
      process.once("SIGINT", resolve);
      process.once("SIGTERM", resolve);
    });
    await server.close();
  } finally {
    board.close();
  }
}

main().catch((thrown: unknown) => {
  console.error(toFlashError(thrown).message);
  process.exitCode = 1;
});
