/**
 * Virtual boards over RFC 2217 in a process of their own: `serve-boards <board URL>…`, one line with the ports as JSON, then
 * served until the process is ended.
 */
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { createPunctualClock } from "../../src/virtual/punctual-clock.js";
import { serveBoard } from "../../src/virtual/serve.js";

const ports: number[] = [];
for (const url of process.argv.slice(2)) {
  const clock = createPunctualClock();
  const board = createBoard(parseBoardOptions(url), clock);
  const { rfc2217Port } = await serveBoard(board, clock, { host: "127.0.0.1", rfc2217Port: 0 });
  if (rfc2217Port !== undefined) ports.push(rfc2217Port);
}
console.log(JSON.stringify(ports));
