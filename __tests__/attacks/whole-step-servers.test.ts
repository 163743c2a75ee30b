import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { StepResult } from "../../scripts/runner.mjs";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";
import { startHttpServer } from "../support/http-server.js";
import type { TestServer } from "../support/http-server.js";
import { startRawServer } from "../support/raw-server.js";
import type { RawServer } from "../support/raw-server.js";
import { commandNames } from "../support/runner-parser.js";

/** Servers that say things, and ones that are told secrets; the built action asks them. */
let action: BuiltAction;
let servers: (RawServer | TestServer)[];
beforeEach(() => {
  action = installBuiltAction();
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  action.end();
});

const firmware = buildDemoFirmware(esp32);
const board = { port: "virtual:esp32", timeout: "15" };

async function answering(answer: string): Promise<string> {
  const server = await startRawServer(answer);
  servers.push(server);
  return server.origin;
}

async function serving(handle: Parameters<typeof startHttpServer>[0]): Promise<string> {
  const server = await startHttpServer(handle);
  servers.push(server);
  return server.origin;
}

describe("what a server says is no command", () => {
  const html = "<html><h1>pwned</h1>\r\n::error::pwned\n##[error]pwned";
  test.each([
    ["in its reason", `HTTP/1.1 404 ##[error]pwned\u0085::error::pwned\r\nContent-Length: 0\r\n\r\n`],
    [
      "in the kind of its content",
      `HTTP/1.1 200 OK\r\nContent-Type: text/##[error]pwned\r\nContent-Length: 12\r\n\r\n<html>pwned!`,
    ],
    ["on a page in the firmware's place", `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${html}`],
    ["in a place it redirects to", "HTTP/1.1 302 ::\r\nLocation: file:///##[error]pwned\t::error::pwned\r\n\r\n"],
    ["in a place that is none", "HTTP/1.1 302 ::\r\nLocation: http://[::error::pwned]##[error]pwned\r\n\r\n"],
    ["in a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: ##[error]pwned\r\n\r\nx"],
  ])("%s", async (_, answer) => {
    const end = await action.run({ ...board, "firmware-url": `${await answering(answer)}/fw.bin` });
    expect(end.exitCode).toBe(1);
    expect(end.outputs["error-code"]).toMatch(/^firmware\//);
    expect(commandNames(end.log, "other than groups")).toEqual(["error"]);
    expect(end.log).not.toMatch(/[^\n\P{Cc}]/u);
    expect(end.summary).not.toMatch(/<h1>|\[pwned/);
  });

  test.each([
    ["in an error of its API", 403, { message: "##[error]pwned\n::error::pwned" }],
    [
      "in names of a release's files",
      200,
      { assets: [{ id: 1, name: "##[error]pwned\n::error::pwned.bin", state: "uploaded" }] },
    ],
    ["in an answer of another shape", 200, { assets: { __proto__: "::error::pwned" } }],
  ])("%s", async (_, status, body) => {
    const origin = await serving((__, response) => response.writeHead(status).end(JSON.stringify(body)));
    const job = action.onRunner("bench", { GITHUB_API_URL: origin });
    const end = await job.run({ ...board, "firmware-url": "github-release:o/r@v1/app.bin" });
    expect(end).toMatchObject({ exitCode: 1 });
    expect(commandNames(end.log, "other than groups")).toEqual(["error"]);
    expect(end.log).not.toMatch(/[^\n\P{Cc}]/u);
  });
});

describe("no secret is shown or kept", () => {
  const secrets = ["hunter22pw", "queryS3cret", "ghs_tok3n"];
  const location = (origin: string, name = "fw.bin"): string =>
    `${origin.replace("//", "//me:hunter22pw@")}/${name}?sig=queryS3cret`;

  function filesBelow(folder: string): string[] {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  }

  /** All that the step tells and leaves; of the log without the commands that tell the runner what to blacken. */
  function told(end: StepResult): string {
    const lines = end.log.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    const runner = path.dirname(path.dirname(path.dirname(action.workspace)));
    const kept = filesBelow(runner).flatMap((file) => [file, readFileSync(file, "latin1")]);
    return JSON.stringify([lines, end.outputs, end.state, end.summary, end.environment, kept]);
  }

  function expectSecret(end: StepResult, known: readonly string[] = secrets): void {
    const [firstOther = 0] = end.log
      .split("\n")
      .flatMap((line, index) => (line.startsWith("::add-mask::") ? [] : [index]));
    const masked = end.log
      .split("\n")
      .slice(0, firstOther)
      .map((line) => line.slice("::add-mask::".length));
    for (const secret of known) expect(masked).toContain(secret);
    const text = told(end);
    for (const secret of [...secrets, Buffer.from("me:hunter22pw").toString("base64")])
      expect(text).not.toContain(secret);
  }

  const debug = { RUNNER_DEBUG: "1" };
  const inputs = { ...board, token: "ghs_tok3n", junit: "flash.xml" };

  test("where all goes well, with debug logging, nor in the cache", async () => {
    const origin = await serving((_, response) => response.writeHead(200, { etag: '"v1"' }).end(firmware));
    const end = await action.onRunner("bench", debug).run({ ...inputs, "firmware-url": location(origin) });
    expect(end).toMatchObject({ exitCode: 0, outputs: { verified: "true" } });
    expectSecret(end);
  });

  test.each<[string, number, Record<string, string>, string]>([
    ["refuses", 403, {}, "firmware/http-status"],
    ["sends the step on with them", 302, { location: "file:///x?sig=queryS3cret" }, "firmware/redirect"],
    ["says them back", 404, { "x-echo": "me:hunter22pw" }, "firmware/http-status"],
    ["sends what is no firmware", 200, {}, "plan/no-offset"],
  ])("where the server %s", async (_, status, headers, code) => {
    // What is taken for firmware is kept as it is.
    const body = status === 200 ? "words" : "queryS3cret hunter22pw";
    const origin = await serving((__, response) => response.writeHead(status, headers).end(body));
    const end = await action.onRunner("bench", debug).run({ ...inputs, "firmware-url": location(origin) });
    expect(end.exitCode).toBe(1);
    expect(end.outputs["error-code"]).toContain(code);
    expectSecret(end);
  });

  test.each([
    ["that cannot be reached", "http://127.0.0.1:1"],
    ["that no URL can name", "http://127.0.0.1:99999"],
    ["of a kind that there is not", "gopher://127.0.0.1"],
  ])("of a server %s", async (_, origin) => {
    const end = await action.onRunner("bench", debug).run({ ...inputs, "firmware-url": location(origin) });
    expect(end.exitCode).toBe(1);
    expect(told(end)).not.toMatch(/hunter22pw|queryS3cret|ghs_tok3n/);
  });

  test("of `files` and `firmware-map`, which fail", async () => {
    const origin = await serving((_, response) => response.writeHead(500).end());
    const files = `0x1000 ${location(origin)}\n0x8000 ${location(origin, "table.bin")} nonsense`;
    const listed = await action.run({ ...inputs, files });
    expectSecret(listed);
    const map = JSON.stringify({
      "virtual:esp32": location(origin),
      "virtual:esp33": { "firmware-url": location(origin), x: 1 },
    });
    const mapped = await action.run({ ...inputs, "firmware-map": map });
    expectSecret(mapped);
  });

  test.each(["port", "console-port"])("that stands in `%s`, where none belongs", async (name) => {
    const given = {
      ...inputs,
      "firmware-url": "fw.bin",
      "boot-check": "on",
      [name]: "rfc2217://me:hunter22pw@127.0.0.1:1",
    };
    writeFileSync(path.join(action.workspace, "fw.bin"), firmware);
    const end = await action.run(given);
    expect(end.exitCode).toBe(1);
    expectSecret(end, ["hunter22pw", "ghs_tok3n"]);
  });

  test.each(["info", "monitor"] as const)("of the sub-action `%s`", async (folder) => {
    const end = await action.sub(folder).run({ port: "rfc2217://me:hunter22pw@127.0.0.1:1" });
    expect(end.exitCode).toBe(1);
    expectSecret(end, ["hunter22pw"]);
  });
});

test("a token with a line end in it goes nowhere", async () => {
  let asked = 0;
  const origin = await serving((_, response) => {
    asked++;
    response.end("{}");
  });
  const job = action.onRunner("bench", { GITHUB_API_URL: origin });
  const end = await job.run({ ...board, "firmware-url": "github-release:o/r@v1/app.bin", token: "a\r\nX-Evil: pwned" });
  expect(end.exitCode).toBe(1);
  expect(asked).toBe(0);
  expect(
    end.log
      .split("\n")
      .filter((line) => !line.startsWith("::add-mask::"))
      .join(),
  ).not.toContain("X-Evil");
});
