import { realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../src/base/clock.js";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { installBuiltAction } from "../support/built-action.js";
import { startPtyPeer, whyNoPty } from "../support/pty-peer.js";

const onPty = whyNoPty() ? test.skip : test;

onPty("the built action flashes a board through its own serial addon, with no node_modules", async () => {
  const action = installBuiltAction();
  // A pty has no control lines, so someone holds BOOT.
  const board = createBoard(parseBoardOptions("virtual:esp32?boot=download"), systemClock);
  const peer = await startPtyPeer((bytes) => board.receive(bytes));
  board.onData((bytes) => peer.send(bytes));
  const firmware = buildDemoFirmware(esp32);
  writeFileSync(path.join(action.workspace, "demo.bin"), firmware);

  const device = realpathSync(peer.port);
  const end = await action.run({
    port: device,
    "firmware-url": "demo.bin",
    baud: "115200",
    before: "no-reset",
    after: "no-reset",
  });
  board.close();
  await peer.stop();
  action.end();

  expect(end.log).not.toContain("::error");
  expect(end.outputs).toMatchObject({
    verified: "true",
    port: device,
    "bytes-written": expect.any(String) as string,
  });
  expect(Buffer.compare(board.flash.bytes.subarray(0x1000, 0x1000 + firmware.length), firmware)).toBe(0);
});
