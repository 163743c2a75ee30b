import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { words } from "../../src/base/bytes.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { esp32 } from "../../src/chips/esp32.js";
import { createBoard } from "../../src/virtual/board.js";
import type { Board } from "../../src/virtual/board.js";
import { defaultBoardOptions } from "../../src/virtual/board-options.js";
import { dataPayload, requestFrame, SYNC } from "../support/board-bench.js";
import { codeOf } from "../support/code-of.js";

let folder: string;
let file: string;
let served: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-file-"));
  file = path.join(folder, "flash.bin");
});
afterEach(() => {
  served?.kill("SIGKILL");
  served = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const open = (flashSizeBytes?: number): Board =>
  createBoard(
    { ...defaultBoardOptions, flashFile: file, ...(flashSizeBytes === undefined ? {} : { flashSizeBytes }) },
    new VirtualClock(),
  );

function write(board: Board, offset: number, bytes: Uint8Array): void {
  board.flash.beginProgram(offset, bytes);
  board.flash.finish();
}

describe("a flash in a file", () => {
  test("is made blank, keeps what is written, and comes back with it", () => {
    const board = open(0x200000);
    write(board, 0x1234, Uint8Array.of(1, 2, 3));
    expect([...readFileSync(file).subarray(0x1234, 0x1237)]).toEqual([1, 2, 3]);
    board.close();
    const again = open();
    expect(again.flash.sizeBytes).toBe(0x200000);
    expect([...again.flash.read(0x1233, 5)]).toEqual([0xff, 1, 2, 3, 0xff]);
    again.close();
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  test("belongs to one board at a time", () => {
    const board = open();
    expect(codeOf(open)).toBe("port/busy");
    board.close();
    open().close();
  });

  test("is refused while a living process has it, and taken over from a dead one", () => {
    writeFileSync(`${file}.lock`, String(process.ppid));
    expect(codeOf(open)).toBe("port/busy");
    // No system gives a process this number.
    writeFileSync(`${file}.lock`, "999999999");
    open().close();
  });

  test("of a size that no flash has, or another than asked for, is refused and left alone", () => {
    writeFileSync(file, "not a flash");
    expect(codeOf(open)).toBe("input/invalid");
    expect(readFileSync(file, "utf8")).toBe("not a flash");
    writeFileSync(file, new Uint8Array(0x100000));
    expect(codeOf(() => open(0x400000))).toBe("input/invalid");
    open().close();
  });

  test("that cannot be opened says why", () => {
    file = path.join(folder, "missing", "flash.bin");
    expect(codeOf(open)).toBe("port/open-failed");
  });

  test("remembers weak sectors until they are erased anew", () => {
    const board = open();
    board.flash.beginErase(0x3000, 0x2000);
    board.flash.interrupt();
    board.close();
    const again = open();
    expect(again.flash.weakSectors).toEqual([3, 4]);
    again.flash.beginErase(0x3000, 0x1000);
    again.flash.finish();
    again.close();
    const last = open();
    expect(last.flash.weakSectors).toEqual([4]);
    last.close();
  });
});

test("a board killed while it erases comes back with weak sectors, and what was written before", async () => {
  execFileSync(process.execPath, [
    path.resolve("node_modules/rolldown/bin/cli.mjs"),
    ...[path.resolve("src/virtual/serve-main.ts"), "--format", "esm", "--platform", "node"],
    ...["--dir", path.join(folder, "served"), "--entry-file-names", "[name].mjs", "--log-level", "silent"],
  ]);
  const url = `virtual:esp32?boot=download&timing=modelled&flash=${encodeURIComponent(file)}`;
  const child = spawn(process.execPath, [path.join(folder, "served", "serve-main.mjs"), "--raw", "0", "--board", url]);
  served = child;
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const socket = connect(Number(/:(\d+)\s/.exec(line.toString())?.[1]), "127.0.0.1");
  const received: Buffer[] = [];
  socket.on("data", (chunk) => received.push(chunk));
  /** Sends a request and waits for the reply to it. */
  const ask = async (op: number, payload: Uint8Array, checksum = 0): Promise<void> => {
    received.length = 0;
    socket.write(requestFrame(op, payload, checksum));
    while (!Buffer.concat(received).includes(Buffer.from([0xc0, 1, op]))) await once(socket, "data");
  };

  // It may not listen yet, and what it printed before the connection is lost.
  const again = setInterval(() => socket.write(requestFrame(0x08, SYNC)), 200);
  await ask(0x08, SYNC);
  clearInterval(again);
  const stub = await esp32.loadStub();
  for (const { address, bytes } of stub.segments) {
    await ask(0x05, words(bytes.length, 1, bytes.length, address));
    const { payload, checksum } = dataPayload(bytes, 0);
    await ask(0x07, payload, checksum);
  }
  await ask(0x06, words(0, stub.entry));
  while (!Buffer.concat(received).includes("OHAI")) await once(socket, "data");
  await ask(0x02, words(16, 1, 16, 0x5000));
  const { payload, checksum } = dataPayload(new Uint8Array(16), 0);
  await ask(0x03, payload, checksum);
  await ask(0x04, words(1));
  // A chip erase takes 9.6 s here: whenever the kill comes, it is running.
  socket.write(requestFrame(0xd0, new Uint8Array(0)));
  while (!readFileSync(`${file}.state.json`, "utf8").includes("erasing")) await new Promise(setImmediate);
  expect([...readFileSync(file).subarray(0x5000, 0x5010)]).toEqual(Array(16).fill(0));
  child.kill("SIGKILL");
  await once(child, "exit");
  socket.destroy();

  const board = open();
  expect(board.flash.weakSectors).toHaveLength(1024);
  expect(board.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
  board.close();
});
