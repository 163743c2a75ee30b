import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ControlLines } from "../../src/transport/transport.js";

/** Why ptys cannot be given lines here, or undefined where they can. Under CI on Linux that is a failure. */
export function whyNoPtyLines(): string | undefined {
  if (process.platform !== "linux") return "only Linux loads a library before all others this way";
  if (spawnSync("cc", ["--version"]).status === 0) return undefined;
  if (process.env.CI) throw new Error("cc is missing, which builds the library that gives ptys lines");
  return "cc is missing";
}

/** The library that gives ptys lines, and what it tells. */
export interface PtyLines {
  /** Variables for a process whose ptys shall have lines. */
  readonly env: Readonly<Record<string, string>>;
  /** The same, with a driver that has no break signal. */
  readonly envWithoutBreak: Readonly<Record<string, string>>;
  /** All states so far, as `D0 R1`. */
  readonly states: readonly string[];
  stop(): Promise<void>;
}

export async function startPtyLines(onLines: (lines: ControlLines) => void): Promise<PtyLines> {
  const directory = mkdtempSync(path.join(tmpdir(), "lines-"));
  const library = path.join(directory, "pty-lines.so");
  const source = path.join(import.meta.dirname, "pty-lines.c");
  execFileSync("cc", ["-shared", "-fPIC", "-Wall", "-Werror", "-o", library, source, "-ldl"]);
  const states: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("data", (bytes) => {
      for (const byte of bytes) {
        const bits = byte - 0x30;
        const lines = { dtr: (bits & 1) !== 0, rts: (bits & 2) !== 0 };
        states.push(`D${bits & 1} R${bits >> 1}`);
        onLines(lines);
      }
    });
    // A process that is killed takes its end along.
    socket.on("error", () => undefined);
  });
  const address = path.join(directory, "socket");
  server.listen(address);
  await once(server, "listening");
  const env = { LD_PRELOAD: library, PTY_LINES: address };
  return {
    env,
    envWithoutBreak: { ...env, PTY_NO_BREAK: "1" },
    states,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
      rmSync(directory, { recursive: true });
    },
  };
}
