import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";
import { startHttpServer } from "../support/http-server.js";
import { untilLogged } from "../support/running-step.js";
import { sharedFile } from "../support/shared-files.js";

/** The real firmware where it is there, else the demo's. */
const firmware = sharedFile("firmware", "esp32-idf3-20191220-v1.12.bin") ?? buildDemoFirmware(esp32);
const etag = `"${createHash("sha256").update(firmware).digest("hex").slice(0, 16)}"`;

let action: BuiltAction;
beforeEach(() => {
  action = installBuiltAction();
});
afterEach(() => action.end());

async function serveFirmware(): Promise<{ url: string; sentBodies: () => number; close: () => Promise<void> }> {
  let sent = 0;
  const server = await startHttpServer((request, response) => {
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    sent++;
    response.writeHead(200, { etag, "content-length": firmware.length }).end(firmware);
  });
  return { url: `${server.origin}/firmware.bin`, sentBodies: () => sent, close: () => server.close() };
}

describe("the built action, started as the runner starts it", () => {
  test("flashes a board from a server with ETag; the second run downloads and writes nothing", async () => {
    const server = await serveFirmware();
    const board = path.join(action.workspace, "board.bin");
    const inputs = { port: `virtual:esp32?flash=${board}`, "firmware-url": server.url };
    try {
      const first = await action.run(inputs);
      expect(first.log).not.toContain("::error");
      expect(first.exitCode).toBe(0);
      expect(first.outputs).toMatchObject({ verified: "true", skipped: "false", "error-code": "" });
      const held = readFileSync(board);
      expect(Buffer.compare(held.subarray(0x1000, 0x1000 + firmware.length), firmware)).toBe(0);
      expect(held.subarray(0, 0x1000).every((byte) => byte === 0xff)).toBe(true);
      expect(server.sentBodies()).toBe(1);

      const second = await action.run(inputs);
      expect(second.exitCode).toBe(0);
      expect(second.outputs).toMatchObject({ verified: "true", skipped: "true", "bytes-written": "0" });
      expect(server.sentBodies()).toBe(1);
      if (process.env.SHOW_FIGURES === "1") {
        console.log(JSON.stringify({ firstMs: first.durationMs, secondMs: second.durationMs, bytes: first.outputs }));
      }
    } finally {
      await server.close();
    }
  });

  test("a bad input ends with 1, an annotation and its code", async () => {
    const end = await action.run({ port: "virtual:esp32", "firmware-url": "none.bin", baud: "fast" });
    expect(end.exitCode).toBe(1);
    expect(end.outputs["error-code"]).toBe("input/invalid");
    expect(end.log).toContain("::error");
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s in the middle ends it, with its code and nothing left behind",
    async (signal) => {
      // At this rate it is written for half a minute, long enough for any signal to come in the middle.
      writeFileSync(path.join(action.workspace, "data.bin"), randomBytes(0x60000));
      const board = path.join(action.workspace, "board.bin");
      const inputs = { "firmware-url": "data.bin", offset: "0x10000", erase: "touched", baud: "115200" };
      const step = action.start({ ...inputs, port: `virtual:esp32?flash=${board}&timing=modelled` });
      await untilLogged(step, "::group::Write");
      step.child.kill(signal);
      const end = await step.finished;
      expect(end.exitCode).toBe(1);
      expect(end.outputs).toMatchObject({ "error-code": "job/cancelled", verified: "false", mac: "4c:11:ae:b9:90:54" });
      const again = await action.run({ ...inputs, port: `virtual:esp32?flash=${board}` });
      expect(again.outputs).toMatchObject({ verified: "true" });
    },
  );
});
