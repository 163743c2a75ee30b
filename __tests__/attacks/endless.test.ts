import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { openBootLog } from "../../src/action/boot-log.js";
import { installBuiltAction } from "../support/built-action.js";
import { commandNames } from "../support/runner-parser.js";

const repeated = (...bytes: readonly number[]): Buffer => Buffer.alloc(0x10000, Buffer.from(bytes));

/** What stands where a board should be, and never ends: frames, options of telnet, lines. */
const streams: readonly [string, "tcp" | "rfc2217", "info" | "monitor", Buffer][] = [
  ["a frame that has no end", "tcp", "info", repeated(1)],
  ["frames without a question", "tcp", "info", repeated(0xc0, 1, 8, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0)],
  ["requests for an option", "rfc2217", "info", repeated(0xff, 0xfd, 77)],
  ["an answer about the port that has no end", "rfc2217", "info", repeated(0xff, 0xfa, 44, 1, ...Buffer.alloc(60))],
  ["a line that has no end", "tcp", "monitor", repeated(0x61)],
  ["lines without end", "tcp", "monitor", repeated(...Buffer.from("::error::pwned\n"))],
];

/** The most memory that a process has had until now, as Linux tells it. */
function peakBytes(pid: number): number {
  try {
    const [, kibibytes = "0"] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return 0;
  }
}

const linuxTest = process.platform === "linux" ? test : test.skip;

linuxTest.each(streams)(
  "%s: the step ends by itself, and its memory stays within limits",
  async (_, scheme, folder, bytes) => {
    const action = installBuiltAction();
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      const push = (): void => {
        while (socket.writable && socket.write(bytes));
      };
      sockets.add(socket);
      socket
        .on("error", () => undefined)
        .on("drain", push)
        .resume();
      push();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const port = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const time = folder === "monitor" ? { "listen-timeout": "2" } : { timeout: "2" };
    const { child, finished } = action.sub(folder).start({ port, ...time });
    let peak = 0;
    const watching = setInterval(() => (peak = Math.max(peak, peakBytes(child.pid ?? 0))), 50);
    const end = await finished;
    clearInterval(watching);
    for (const socket of sockets) socket.destroy();
    server.close();
    action.end();
    expect({ signal: end.signal, exitCode: end.exitCode }).toEqual({
      signal: null,
      exitCode: folder === "info" ? 1 : 0,
    });
    const commands = commandNames(end.log, "other than groups").filter((name) => name !== "warning");
    expect(commands).toEqual(folder === "info" ? ["error"] : []);
    expect(end.log.split("\n").length).toBeLessThan(10_100);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(300 * 0x100000);
  },
);

test("a console that never falls silent fills no disk: its log ends, and says so", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "boot-log-"));
  const log = openBootLog({ RUNNER_TEMP: folder }, "tcp://host:1");
  const line = { atMs: 1, text: "x".repeat(0x10000) };
  for (let count = 0; count < 1100; count++) log.add(line);
  await log.close();
  const { size } = statSync(log.path);
  const end = readFileSync(log.path, "utf8").slice(-100);
  rmSync(folder, { recursive: true });
  expect(size).toBeLessThan(65 * 0x100000);
  expect(end).toMatch(/the rest is not kept\)\n$/);
});
