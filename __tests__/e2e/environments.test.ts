import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { workspaceOf } from "../../scripts/runner.mjs";
import type { StepResult } from "../../scripts/runner.mjs";
import { fullDisk, noNetwork, noRights, noSys, readOnly } from "../support/confined.js";
import type { Confinement } from "../support/confined.js";
import { digestOf } from "../support/firmware-bench.js";
import { startHttpServer } from "../support/http-server.js";
import { firmware, flashIn } from "../support/surrounded-step.js";
import type { Surroundings } from "../support/surrounded-step.js";

const sha256 = digestOf(firmware);
/** The only command that the step needs. */
const FLOCK = "/usr/bin/flock";

let root: string;
let ends: (() => void)[];
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "environment-"));
  ends = [];
});
afterEach(() => {
  for (const end of ends.reverse()) end();
  rmSync(root, { recursive: true, force: true });
});

const below = (name: string): string => path.join(root, name);
const flash = (surroundings: Surroundings = {}): Promise<StepResult> => flashIn(root, surroundings);

/** What is taken away stays away until the test has ended. */
function confined(confinement: Confinement): Omit<Confinement, "end"> {
  const { end, ...rest } = confinement;
  if (end !== undefined) ends.push(end);
  return rest;
}

function expectBlankBoard(): void {
  const held = readFileSync(path.join(workspaceOf(below("runner")), "board.bin"));
  expect(held.every((byte) => byte === 0xff)).toBe(true);
}

/** A minute of all of them would be too much for each run of the tests. */
const more = process.env.ENVIRONMENTS === "all" ? test : test.skip;

const flashed = { exitCode: 0, outputs: { verified: "true", "error-code": "" } };

describe("the step works", () => {
  test("below a path with blanks and letters of other scripts", async () => {
    const runnerFolder = below("Prüf stand 板");
    expect(await flash({ runnerFolder, actionFolder: below("Aktion ü #1") })).toMatchObject(flashed);
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

(process.platform === "linux" ? describe : describe.skip)("on Linux the step works, or says what is missing", () => {
  test("with a read-only home", async () => {
    confined(readOnly(below("home")));
    expect(await flash({ ...noRights(), env: { HOME: below("home") } })).toMatchObject(flashed);
  });

  more("with a read-only home that is all it has to keep notes: says so, and leaves the board alone", async () => {
    confined(readOnly(below("home")));
    const result = await flash({ ...noRights(), env: { HOME: below("home"), RUNNER_TOOL_CACHE: "" } });
    expect(result).toMatchObject({ exitCode: 1, outputs: { "error-code": "job/state" } });
    expect(result.log).toContain("cannot be written");
    expect(result.log).toContain("RUNNER_TOOL_CACHE");
    expectBlankBoard();
  });

  test("with a full disk under the tool cache: says so, and leaves the board alone", async () => {
    const { env } = confined(fullDisk(below("cache")));
    const result = await flash({ env: { ...env, RUNNER_TOOL_CACHE: below("cache") } });
    expect(result).toMatchObject({ exitCode: 1, outputs: { "error-code": "job/state" } });
    expect(result.log).toContain("ENOSPC");
    expectBlankBoard();
  });

  more("with a full disk under the locks: says so", async () => {
    const result = await flash(confined(fullDisk(below("locks"))));
    expect(result).toMatchObject({ exitCode: 1, outputs: { "error-code": "lock/unavailable" } });
    expect(result.log).toContain("ENOSPC");
  });

  const cache = (): string => below("cache/esp32-firmware");

  more("with a full disk under the firmware cache: says so, goes on, and leaves nothing half done", async () => {
    const server = await startHttpServer((_, response) => response.end(firmware));
    ends.push(() => void server.close());
    const { env } = confined(fullDisk(cache()));
    const inputs = { "firmware-url": server.origin };
    const result = await flash({ inputs, env: { ...env, RUNNER_TOOL_CACHE: below("cache") } });
    expect(result).toMatchObject(flashed);
    expect(result.log).toMatch(/::warning.*cache cannot be used: .*ENOSPC.*goes on without it/);
    expect(readdirSync(cache())).not.toContain(sha256);
  });

  more("with a read-only firmware cache: uses what it holds, and fetches what it does not", async () => {
    const other = Buffer.concat([firmware, Buffer.of(0xff)]);
    const server = await startHttpServer(({ url }, response) => response.end(url === "/other" ? other : firmware));
    ends.push(() => void server.close());
    const surroundings = { ...noRights(), env: { RUNNER_TOOL_CACHE: below("cache") } };
    await flash({ ...surroundings, inputs: { "firmware-url": server.origin } });
    confined(readOnly(cache()));
    const pinned = await flash({ ...surroundings, inputs: { "firmware-url": "http://host.invalid", sha256 } });
    expect(pinned).toMatchObject(flashed);
    expect(pinned.log).not.toContain("::warning");
    const fetched = await flash({ ...surroundings, inputs: { "firmware-url": `${server.origin}/other` } });
    expect(fetched).toMatchObject({ ...flashed, outputs: { "firmware-sha256": digestOf(other) } });
    expect(fetched.log).toMatch(/::warning.*cache cannot be used: .*EACCES.*goes on without it/);
  });

  test("with no network, from the cache, if the digest is pinned", async () => {
    const server = await startHttpServer((_, response) => response.end(firmware));
    const inputs = { "firmware-url": `${server.origin}/fw.bin`, sha256 };
    expect(await flash({ inputs })).toMatchObject(flashed);
    await server.close();
    expect(await flash({ ...noNetwork(), inputs })).toMatchObject({ ...flashed, outputs: { skipped: "true" } });
  });

  more("with no network: says so", async () => {
    const unpinned = await flash({
      ...noNetwork(),
      inputs: { "firmware-url": "http://192.0.2.1/fw.bin", timeout: "20" },
    });
    expect(unpinned).toMatchObject({ exitCode: 1, outputs: { "error-code": "firmware/unreachable" } });
    expect(unpinned.log).toContain("ENETUNREACH");
  });

  more("with no /sys and no udev", async () => {
    mkdirSync(below("bin"));
    symlinkSync(FLOCK, below("bin/flock"));
    const { env, ...without } = noSys();
    const surroundings = { ...without, env: { ...env, PATH: below("bin") } };
    expect(await flash(surroundings)).toMatchObject(flashed);
    const auto = await flash({ ...surroundings, inputs: { port: "auto" } });
    expect(auto).toMatchObject({ exitCode: 1, outputs: { "error-code": "port/not-found" } });
  });

  more("as a user without rights, in a home that is not there", async () => {
    expect(await flash({ ...noRights(), env: { HOME: "/nonexistent" } })).toMatchObject(flashed);
  });

  more("as a user without rights, in a lock folder that another user has made", async () => {
    const shared = mkdtempSync(path.join(tmpdir(), "shared-"));
    ends.push(() => rmSync(shared, { recursive: true }));
    // As /tmp is: everybody may write, and only owners may delete.
    chmodSync(shared, 0o1777);
    const inputs = { "lock-dir": path.join(shared, "locks"), port: `virtual:esp32?flash=${below("board.bin")}` };
    expect(await flash({ inputs })).toMatchObject(flashed);
    expect(await flash({ ...noRights(), inputs })).toMatchObject(flashed);
  });

  more("as a user without rights, where the lock folder is another's: says so", async () => {
    const result = await flash({ ...noRights(), inputs: { "lock-dir": "/root/locks" } });
    expect(result).toMatchObject({ exitCode: 1, outputs: { "error-code": "lock/unavailable" } });
  });
});

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
