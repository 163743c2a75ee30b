import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.js";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { serveBoard } from "../../src/virtual/serve.js";
import { startPtyPeer, whyNoPty } from "../support/pty-peer.js";
import { createStage } from "../support/step.js";
import type { Stage } from "../support/step.js";

let stage: Stage;
let locks: string;
beforeEach(() => {
  stage = createStage();
  locks = join(stage.workspace, "locks");
  writeFileSync(join(stage.workspace, "demo.bin"), buildDemoFirmware(chips.esp32));
});
afterEach(() => stage.end());

const run = (inputs: Readonly<Record<string, string>>): ReturnType<Stage["runStep"]> =>
  stage.runStep({ "firmware-url": "demo.bin", "lock-dir": locks, ...inputs });

test("a board behind an RFC 2217 server is locked by its address and by its MAC", async () => {
  const board = createBoard(parseBoardOptions("virtual:esp32?mac=24:6f:28:00:00:01"), systemClock);
  const server = await serveBoard(board, systemClock, { host: "127.0.0.1", rfc2217Port: 0 });
  const port = `rfc2217://127.0.0.1:${server.rfc2217Port ?? 0}`;
  const wrong = await run({ port, "expect-mac": "24:6f:28:00:00:02" });
  const right = await run({ port, "expect-mac": "24:6F:28:00:00:01" });
  await server.close();
  board.close();
  expect(wrong.outputs).toMatchObject({ "error-code": "chip/wrong-board", mac: "24:6f:28:00:00:01" });
  expect(right.outputs).toMatchObject({ verified: "true", "error-code": "", port });
  expect(readdirSync(locks).filter((name) => name.endsWith(".step.lock"))).toEqual([
    "mac-246f28000001.step.lock",
    `net-127.0.0.1-${server.rfc2217Port ?? 0}.step.lock`,
  ]);
});

const onPty = whyNoPty() ? test.skip : test;
onPty("a glob finds the one port that fits, and refuses to choose between two", async () => {
  const board = createBoard(parseBoardOptions("virtual:esp32?boot=download"), systemClock);
  const peer = await startPtyPeer((bytes) => board.receive(bytes));
  board.onData((bytes) => peer.send(bytes));
  const other = await startPtyPeer();
  const folder = join(stage.workspace, "by-id");
  mkdirSync(folder);
  symlinkSync(peer.port, join(folder, "usb-bridge_0001-port0"));
  const inputs = { before: "no-reset", after: "no-reset", baud: "115200" };
  const one = await run({ ...inputs, port: `${folder}/*0001*` });
  symlinkSync(other.port, join(folder, "usb-bridge_0001-port1"));
  const two = await run({ ...inputs, port: `${folder}/*0001*` });
  await peer.stop();
  await other.stop();
  board.close();
  expect(one.outputs).toMatchObject({ verified: "true", port: expect.stringMatching(/^\/dev\/pts\/\d+$/) as string });
  expect(one.lines).toContainEqual(expect.stringMatching(/^Found \/dev\/pts\/\d+/));
  expect(two.outputs["error-code"]).toBe("port/ambiguous");
});

test("a port that does not appear in time is told with the wait, and no lock is taken", async () => {
  const end = await run({ port: "/dev/no-such-board", "wait-for-port": "1" });
  expect(end.lines).toContain("No port fits /dev/no-such-board yet: waiting for one, 1.0 s at most");
  expect(end.outputs["error-code"]).toBe("port/not-found");
  expect(end.lines.join("\n")).toContain("(waited 1 s)");
  expect(existsSync(locks)).toBe(false);
});

test("a board that fails job after job is named, and the error has all that was tried", async () => {
  const port = `virtual:esp32?fault=silent&flash=${join(stage.workspace, "flash.bin")}`;
  const inputs = { port, "connect-attempts": "1", "power-cycle": "no-such-hub-switch -p 2" };
  const ends = [await run(inputs), await run(inputs), await run(inputs)];
  const wedged = /seems to be wedged: 3 jobs in a row failed on it since .*, the last with connect\/silent/;
  expect(ends.map(({ lines }) => wedged.test(lines.join("\n")))).toEqual([false, false, true]);
  expect(ends[0]?.lines.join("\n")).toMatch(
    /Tried: .*; opened the port anew; called at 57600 baud; no-such-hub-switch to switch the power could not be run/,
  );
});
