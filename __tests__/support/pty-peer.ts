import { spawn, spawnSync } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Peer } from "../contract/transport-contract.js";

/** Why there are no ptys here, or undefined where there are. Under CI a missing python3 is a failure, not a reason to skip. */
export function whyNoPty(): string | undefined {
  if (process.platform === "win32") return "Windows has no ptys";
  if (spawnSync("python3", ["--version"]).status === 0) return undefined;
  if (process.env.CI) throw new Error("python3 is missing, which makes the ptys for these tests");
  return "python3 is missing";
}

interface PtyPeer extends Peer {
  /** Takes no more bytes, as a device that hangs. */
  stall(): void;
}

/** A pty whose path stays the same when it is hung up and begun anew. `onData` hears what it gets, as it comes. */
export async function startPtyPeer(onData?: (bytes: Uint8Array) => void): Promise<PtyPeer> {
  const directory = mkdtempSync(path.join(tmpdir(), "pty-"));
  const link = path.join(directory, "port");
  const received: Buffer[] = [];
  let child = await start();

  async function start(): Promise<ChildProcessWithoutNullStreams> {
    const fresh = spawn("python3", [path.join(import.meta.dirname, "pty-peer.py"), link]);
    fresh.stdin.on("error", () => undefined);
    fresh.stdout.on("data", (bytes: Buffer) => {
      received.push(bytes);
      onData?.(bytes);
    });
    // Others may say something there before, such as a shell that does not know the locale.
    let said = "";
    while (!said.includes("ready\n")) said += String(await once(fresh.stderr, "data"));
    return fresh;
  }

  async function hangUp(): Promise<void> {
    if (child.signalCode !== null) return;
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  }

  return {
    port: link,
    received: () => Buffer.concat(received),
    send: (bytes) => child.stdin.write(bytes),
    hangUp,
    stall: () => child.kill("SIGSTOP"),
    async begin() {
      child = await start();
    },
    async stop() {
      await hangUp();
      rmSync(directory, { recursive: true });
    },
  };
}
