import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { workspaceOf } from "../../scripts/runner.mjs";
import type { StepOptions, StepResult } from "../../scripts/runner.mjs";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { digestOf } from "../support/firmware-bench.js";
import { startHttpServer } from "../support/http-server.js";
import { canConfine, makeReadOnly, mountTmpfs, unmount } from "../support/mounts.js";

const firmware = buildDemoFirmware(esp32);
const sha256 = digestOf(firmware);
/** The only command that the step needs. */
const FLOCK = "/usr/bin/flock";
const project = path.resolve(import.meta.dirname, "../..");

let root: string;
let mounted: string[];
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "environment-"));
  mounted = [];
});
afterEach(() => {
  for (const folder of mounted.reverse()) unmount(folder);
  rmSync(root, { recursive: true, force: true });
});

/** A runner in a process of its own, which can be put behind a command; it hides a folder first, if it is told to. */
const RUNNER = `
  const { runner, hidden, options } = JSON.parse(process.argv[1]);
  const { spawnSync } = await import("node:child_process");
  if (hidden) spawnSync("mount", ["-t", "tmpfs", "tmpfs", hidden]);
  const { runStep } = await import(runner);
  console.log(JSON.stringify(await runStep(options)));
`;

interface Surroundings extends Partial<StepOptions> {
  /** A command that takes something away from what it runs. */
  readonly behind?: readonly string[] | undefined;
  readonly hidden?: string;
  /** Who owns the runner's folders. */
  readonly owner?: number;
}

/** Flashes a virtual board with the built action, which lies below `root` as the runner's folders do. */
async function flash(surroundings: Surroundings = {}): Promise<StepResult> {
  const { behind, hidden, owner, ...changes } = surroundings;
  const runnerFolder = changes.runnerFolder ?? path.join(root, "runner");
  const actionFolder = changes.actionFolder ?? path.join(root, "action");
  for (const name of ["action.yml", "package.json", "dist"]) {
    cpSync(path.join(project, name), path.join(actionFolder, name), { recursive: true });
  }
  for (const name of ["runner.mjs", "action-file.mjs"])
    cpSync(path.join(project, "scripts", name), path.join(root, name));
  const workspace = workspaceOf(runnerFolder);
  mkdirSync(workspace, { recursive: true });
  writeFileSync(path.join(workspace, "fw.bin"), firmware);
  if (owner !== undefined) spawnSync("chown", ["-R", `${owner}:${owner}`, root]);
  const inputs = {
    port: "virtual:esp32?flash=board.bin",
    "boot-check": "off",
    "firmware-url": "fw.bin",
    "lock-dir": path.join(root, "locks"),
    ...changes.inputs,
  };
  const options = { ...changes, actionFolder, runnerFolder, inputs };
  const order = JSON.stringify({ runner: path.join(root, "runner.mjs"), hidden, options });
  const [command, ...args] = [...(behind ?? []), process.execPath, "--input-type=module", "--eval", RUNNER, order];
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  await once(child, "close");
  return JSON.parse(told) as StepResult;
}

function tmpfs(name: string, sizeBytes = 1024 * 1024): string {
  const folder = path.join(root, name);
  if (!mountTmpfs(folder, sizeBytes)) throw new Error(`nothing is mounted at ${folder}`);
  mounted.push(folder);
  return folder;
}

function readOnly(name: string): string {
  const folder = tmpfs(name);
  makeReadOnly(folder);
  return folder;
}

/** A minute of all of them would be too much for each run of the tests. */
const more = process.env.ENVIRONMENTS === "all" ? test : test.skip;

const flashed = { exitCode: 0, outputs: { verified: "true", "error-code": "" } };

describe("the step works", () => {
  test("below a path with blanks and letters of other scripts", async () => {
    const runnerFolder = path.join(root, "Prüf stand 板");
    expect(await flash({ runnerFolder, actionFolder: path.join(root, "Aktion ü #1") })).toMatchObject(flashed);
  });

  more.each([
    [
      "Turkish, whose i has another capital letter",
      { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Europe/Istanbul" },
    ],
    ["no UTF-8, at the other side of the date line", { LANG: "C", LC_ALL: "C", TZ: "Pacific/Kiritimati" }],
    ["a time zone that does not exist", { LANG: "xx_XX", TZ: "Nowhere/Nothing" }],
  ])("in %s", async (_, env) => {
    const result = await flash({ env });
    expect(result).toMatchObject(flashed);
    expect(result.outputs.duration).toMatch(/^\d+\.\d$/);
    expect(result.summary).toMatch(/\d,\d{3} bytes/);
  });

  more("without HOME and without a language", async () => {
    const env: Record<string, string | undefined> = { HOME: undefined, LANG: undefined, LC_ALL: undefined };
    expect(await flash({ env: env as Record<string, string> })).toMatchObject(flashed);
  });
});

(canConfine() ? describe : describe.skip)(
  "the step works, or says what is missing (needs Linux, and root who may mount)",
  () => {
    test("with a read-only home", async () => {
      expect(await flash({ env: { HOME: readOnly("home") } })).toMatchObject(flashed);
    });

    more("with a read-only home that is all it has to keep notes: says so, and leaves the board alone", async () => {
      const result = await flash({ env: { HOME: readOnly("home"), RUNNER_TOOL_CACHE: "" } });
      expect(result).toMatchObject({ exitCode: 1, outputs: { "error-code": "job/state" } });
      expect(result.log).toContain("cannot be written");
      expect(result.log).toContain("RUNNER_TOOL_CACHE");
      const held = readFileSync(path.join(workspaceOf(path.join(root, "runner")), "board.bin"));
      expect(held.every((byte) => byte === 0xff)).toBe(true);
    });

    test("with a full disk under the tool cache: says so, and leaves the board alone", async () => {
      const cache = tmpfs("cache", 64 * 1024);
      spawnSync("dd", ["if=/dev/zero", `of=${cache}/filler`], { stdio: "ignore" });
      const result = await flash({ env: { RUNNER_TOOL_CACHE: cache } });
      expect(result).toMatchObject({ exitCode: 1, outputs: { "error-code": "job/state" } });
      expect(result.log).toContain("ENOSPC");
      const held = readFileSync(path.join(workspaceOf(path.join(root, "runner")), "board.bin"));
      expect(held.every((byte) => byte === 0xff)).toBe(true);
    });

    more("with a full disk under the locks: says so", async () => {
      const locks = tmpfs("locks", 64 * 1024);
      spawnSync("dd", ["if=/dev/zero", `of=${locks}/filler`], { stdio: "ignore" });
      const result = await flash();
      expect(result).toMatchObject({ exitCode: 1, outputs: { "error-code": "lock/unavailable" } });
      expect(result.log).toContain("ENOSPC");
    });

    test("with no network, from the cache, if the digest is pinned", async () => {
      const server = await startHttpServer((_, response) => response.end(firmware));
      const inputs = { "firmware-url": `${server.origin}/fw.bin`, sha256 };
      expect(await flash({ inputs })).toMatchObject(flashed);
      await server.close();
      const behind = ["unshare", "--net"];
      expect(await flash({ behind, inputs })).toMatchObject({ ...flashed, outputs: { skipped: "true" } });
    });

    more("with no network: says so", async () => {
      const behind = ["unshare", "--net"];
      const unpinned = await flash({ behind, inputs: { "firmware-url": "http://192.0.2.1/fw.bin", timeout: "20" } });
      expect(unpinned).toMatchObject({ exitCode: 1, outputs: { "error-code": "firmware/unreachable" } });
      expect(unpinned.log).toContain("ENETUNREACH");
    });

    more("with no /sys and no udev", async () => {
      const surroundings = { behind: ["unshare", "--mount"], hidden: "/sys", env: { PATH: path.dirname(FLOCK) } };
      expect(await flash(surroundings)).toMatchObject(flashed);
      const auto = await flash({ ...surroundings, inputs: { port: "auto" } });
      expect(auto).toMatchObject({ exitCode: 1, outputs: { "error-code": "port/not-found" } });
    });

    more("as a user without rights, in a home that is not there", async () => {
      const behind = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
      expect(await flash({ behind, owner: 65534, env: { HOME: "/nonexistent" } })).toMatchObject(flashed);
    });

    more("as a user without rights, where the lock folder is another's: says so", async () => {
      const behind = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
      const inputs = { "lock-dir": "/root/locks" };
      expect(await flash({ behind, owner: 65534, inputs })).toMatchObject({
        exitCode: 1,
        outputs: { "error-code": "lock/unavailable" },
      });
    });
  },
);

more("a server with a certificate of the user's own CA is refused, until the runner knows that CA", async () => {
  const made = spawnSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "2",
      "-subj",
      "/CN=localhost",
      "-addext",
      "subjectAltName=DNS:localhost",
      "-keyout",
      "key.pem",
      "-out",
      "ca.pem",
    ],
    { cwd: root },
  );
  expect(made.status).toBe(0);
  const [key, cert] = ["key.pem", "ca.pem"].map((name) => readFileSync(path.join(root, name)));
  const server = createServer({ key, cert }, (_, response) => response.end(firmware));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const inputs = { "firmware-url": `https://localhost:${(server.address() as AddressInfo).port}/fw.bin` };
  try {
    const refused = await flash({ inputs });
    expect(refused).toMatchObject({ exitCode: 1, outputs: { "error-code": "firmware/certificate" } });
    expect(refused.log).toContain("NODE_EXTRA_CA_CERTS");
    expect(await flash({ inputs, env: { NODE_EXTRA_CA_CERTS: path.join(root, "ca.pem") } })).toMatchObject(flashed);
  } finally {
    server.close();
  }
});
