import type { RequestListener } from "node:http";
import type { FirmwareRequest } from "../../src/firmware/firmware.js";
import type { TestServer } from "../support/http-server.js";
import { digestOf, makeFirmware, openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";
import { makeZip } from "../support/archives.js";

let bench: FirmwareBench;
beforeEach(() => {
  bench = openFirmwareBench();
});
afterEach(() => bench.dispose());

const app = makeFirmware();
const token = "ghs_0123456789abcdef";

interface Asset {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly digest?: string | null;
}

/** GitHub's API for one release, and the storage that it redirects to. */
async function openGithub(
  assets: readonly Asset[],
  content: (id: number) => Uint8Array = () => app,
  answer?: RequestListener,
): Promise<{ api: TestServer; storage: TestServer; request: Partial<FirmwareRequest> }> {
  const storage = await bench.serve((request, response) => {
    response.end(content(Number(/\d+$/.exec(request.url ?? "")?.[0])));
  });
  const api = await bench.serve((request, response) => {
    const asset = /^\/repos\/org\/blink\/releases\/assets\/(\d+)$/.exec(request.url ?? "")?.[1];
    if (answer !== undefined) answer(request, response);
    else if (request.url === "/repos/org/blink/releases/tags/v1.0%2Fbeta") {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ assets }));
    } else if (asset !== undefined) response.writeHead(302, { location: `${storage.origin}/${asset}` }).end();
    else response.writeHead(404, { "content-type": "application/json" }).end('{"message":"Not Found"}');
  });
  return { api, storage, request: { github: { apiUrl: api.origin, token } } };
}

const uploaded = (name: string, digest?: string | null): Asset => ({
  id: 7,
  name,
  state: "uploaded",
  ...(digest === undefined ? {} : { digest }),
});
const location = "github-release:org/blink@v1.0/beta/app.bin";

test("an asset is found by its name, and the token stays with GitHub", async () => {
  const { api, storage, request } = await openGithub([{ ...uploaded("other.bin"), id: 6 }, uploaded("app.bin", null)]);
  const set = await bench.resolveSet(location, request);
  expect(Buffer.from(set.parts[0]?.bytes ?? []).equals(app)).toBe(true);
  expect(set).toMatchObject({ name: "app.bin", source: "url", sha256: digestOf(app), downloadedBytes: app.length });
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`, `Bearer ${token}`]);
  expect(api.requests.map(({ headers }) => headers.accept)).toEqual([
    "application/vnd.github+json",
    expect.stringMatching(/^application\/octet-stream/),
  ]);
  expect(storage.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test("without a token no credentials are sent", async () => {
  const { api } = await openGithub([uploaded("app.bin")]);
  await bench.resolveSet(location, { github: { apiUrl: api.origin } });
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
});

test("an asset whose digest GitHub tells is downloaded once", async () => {
  const { storage, request } = await openGithub([uploaded("app.bin", `sha256:${digestOf(app)}`)]);
  await bench.resolveSet(location, request);
  const again = await bench.resolveSet(location, request);
  expect(again).toMatchObject({ fromCache: true, downloadedBytes: 0, sha256: digestOf(app) });
  expect(storage.requests).toHaveLength(1);
});

test("an asset that `sha256` pins needs GitHub only once", async () => {
  const { api, request } = await openGithub([uploaded("app.bin")]);
  const items = [{ location, sha256: digestOf(app) }];
  await bench.resolveSet("", { ...request, items });
  const asked = api.requests.length;
  expect(await bench.resolveSet("", { ...request, items })).toMatchObject({ fromCache: true });
  expect(api.requests).toHaveLength(asked);
});

test("a layout in a release names other assets of it", async () => {
  const table = makeFirmware(3072);
  const assets = ["flash_args", "app.bin", "table.bin"].map((name, id) => ({ ...uploaded(name), id }));
  const args = Buffer.from("0x8000 table.bin\n0x10000 app.bin\n");
  const { request } = await openGithub(assets, (id) => [args, app, table][id] ?? app);
  const set = await bench.resolveSet("github-release:org/blink@v1.0/beta/flash_args", request);
  expect(set.parts.map(({ sha256 }) => sha256)).toEqual([digestOf(table), digestOf(app)]);
});

test("an archive in a release gives a member", async () => {
  const { request } = await openGithub([uploaded("fw.zip")], () =>
    makeZip([{ path: "a/app.bin", bytes: app }, { path: "b" }]),
  );
  const set = await bench.resolveSet("github-release:org/blink@v1.0/beta/fw.zip#a/app.bin", request);
  expect(set.parts[0]?.sha256).toBe(digestOf(app));
});

// What is wrong, the location, the assets, the error's code, and a part of what it says.
test.each<[string, string, readonly Asset[], string, RegExp]>([
  ["no such release", "github-release:org/blink@v9/app.bin", [], "firmware/release", /tag "v9": `token` shows none/],
  ["no such asset", location, [uploaded("fw.bin")], "firmware/release", /has no asset "app\.bin"; it has fw\.bin$/],
  ["no asset at all", location, [], "firmware/release", /it has none$/],
  ["half an upload", location, [{ ...uploaded("app.bin"), state: "starter" }], "firmware/release", /not finished/],
  [
    "another digest",
    location,
    [uploaded("app.bin", `sha256:${"0".repeat(64)}`)],
    "firmware/sha256",
    /its server says 0{64}/,
  ],
  ["no tag", "github-release:org/blink/app.bin", [], "input/invalid", /github-release:owner\/repo@tag\/asset/],
  ["no asset's name", "github-release:org/blink@v1/", [], "input/invalid", /github-release:owner\/repo@tag\/asset/],
  ["a repository of dots", "github-release:org/..@v1/app.bin", [], "input/invalid", /github-release:owner/],
  ["another path", "github-release:org/../x@v1/app.bin", [], "input/invalid", /github-release:owner/],
])("%s is told", async (_, wanted, assets, code, message) => {
  const { request } = await openGithub(assets);
  const error = await bench.failSet(wanted, request);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(JSON.stringify([error.message, error.details])).not.toContain(token);
});

test.each<[string, RequestListener, string]>([
  ["refuses the token", (_request, response) => void response.writeHead(401).end(), "firmware/http-status"],
  ["answers with something else", (_request, response) => void response.end('{"assets":5}'), "firmware/release"],
  ["answers with a page", (_request, response) => void response.end("<html>"), "firmware/release"],
])("a GitHub that %s ends the job", async (_, answer, code) => {
  const { request } = await openGithub([], undefined, answer);
  expect((await bench.failSet(location, request)).code).toBe(code);
});

test("a private repository is hinted at where there is no token", async () => {
  const { api } = await openGithub([]);
  const error = await bench.failSet("github-release:org/secret@v1/app.bin", { github: { apiUrl: api.origin } });
  expect(error.message).toMatch(/without `token` only public ones are seen/);
});
