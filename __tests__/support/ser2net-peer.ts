import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Peer } from "../contract/transport-contract.js";
import { startPtyPeer, whyNoPty } from "./pty-peer.js";

/** Debian puts it where only root looks. */
const PROGRAM = ["ser2net", "/usr/sbin/ser2net"].find((name) => spawnSync(name, ["-v"]).status === 0);

/** Why there is no ser2net here, or undefined where there is. Under CI on Linux that is a failure, not a reason to skip. */
export function whyNoSer2net(): string | undefined {
  if (process.platform !== "linux") return "ser2net is for Linux";
  const noPty = whyNoPty();
  if (noPty !== undefined) return noPty;
  // It asks the resolver for addresses of kinds that the machine has, for which that does not count the loopback's.
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  if (!addresses.some(({ family, internal }) => family === "IPv4" && !internal)) {
    return "ser2net needs a network beside the loopback";
  }
  if (PROGRAM !== undefined) return undefined;
  if (process.env.CI) throw new Error("ser2net is missing; it is Debian's package of that name");
  return "ser2net is missing";
}

/** Below the ports that systems hand out for 0, so that no other test gets it before ser2net does. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

/** A client that only looks would have the board's port for a while. Linux lists who listens by port and by state 0A. */
function listens(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return readFileSync("/proc/net/tcp", "utf8").includes(`:${hex} 00000000:0000 0A `);
}

/** Whether the process has this file open. */
function hasOpen(pid: number, file: string): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    const device = realpathSync(file);
    return readdirSync(folder).some((fd) => readlinkSync(path.join(folder, fd)) === device);
  } catch {
    // Something was closed just now.
    return false;
  }
}

/** What `startSer2net` serves. */
export interface Ser2net {
  /** What `port` names. */
  readonly port: string;
  /** Resolves once it has opened its device for a client. */
  untilOpen(): Promise<void>;
  kill(): Promise<void>;
  begin(): Promise<void>;
}

/**
 * The file that tells ser2net what to serve where. `local`: the device has no carrier. ser2net waits some milliseconds
 * for more bytes unless told not to.
 */
export function ser2netConfig(address: string, device: string): string {
  return `connection: &board
  accepter: telnet(rfc2217),tcp,${address}
  connector: serialdev,${device},115200n81,local
  options:
    chardelay: false
`;
}

/** ser2net in front of `device`; `env` goes to its process. */
export async function startSer2net(
  device: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ser2net & { stop(): Promise<void> }> {
  const directory = mkdtempSync(path.join(tmpdir(), "ser2net-"));
  const port = await freePort();
  const config = path.join(directory, "ser2net.yaml");
  writeFileSync(config, ser2netConfig(`127.0.0.1,${port}`, device));
  let child: ChildProcess | undefined;

  async function begin(): Promise<void> {
    child = spawn(PROGRAM ?? "ser2net", ["-n", "-d", "-c", config, "-P", path.join(directory, "pid")], {
      stdio: "ignore",
      env: { ...process.env, ...env },
    });
    while (!listens(port)) await wait(5);
  }

  async function kill(): Promise<void> {
    if (child?.signalCode !== null || child.exitCode !== null) return;
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  }

  await begin();
  return {
    port: `rfc2217://127.0.0.1:${port}`,
    async untilOpen() {
      while (child?.signalCode === null && !hasOpen(child.pid ?? 0, device)) await wait(5);
    },
    kill,
    begin,
    async stop() {
      await kill();
      rmSync(directory, { recursive: true });
    },
  };
}

/** So long after it has opened its device, ser2net has set it up; what came before, it throws away. */
const SETTLE_MS = 200;

/** A pty behind ser2net. */
export async function startSer2netPeer(): Promise<Peer> {
  const pty = await startPtyPeer();
  const server = await startSer2net(pty.port);
  return {
    port: server.port,
    received: () => pty.received(),
    send: (bytes) =>
      void server
        .untilOpen()
        .then(() => wait(SETTLE_MS))
        .then(() => pty.send(bytes)),
    hangUp: () => server.kill(),
    begin: () => server.begin(),
    async stop() {
      await server.stop();
      await pty.stop();
    },
  };
}
