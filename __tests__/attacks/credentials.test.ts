import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { partLocation } from "../../src/firmware/part-location.js";
import { openFirmwareBench, makeFirmware } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";

let bench: FirmwareBench;
beforeEach(() => {
  bench = openFirmwareBench();
});
afterEach(() => bench.dispose());

const firmware = makeFirmware();
const authorization = `Basic ${Buffer.from("me:hunter22").toString("base64")}`;
const withCredentials = (origin: string): string => `${origin.replace("//", "//me:hunter22@")}/fw.bin`;

/** A server of the user's, and another one: what each does by path, and what each was told. */
async function twoServers(own: Record<string, string>, others: Record<string, string> = {}) {
  const heard: { own: string[]; other: string[] } = { own: [], other: [] };
  const serving = (name: "own" | "other", redirects: Record<string, string>) =>
    bench.serve(({ url = "", headers }, response) => {
      heard[name].push([url, headers.authorization, headers.cookie, headers.referer].filter(Boolean).join(" "));
      const location = redirects[url]?.replace("OWN", servers.own).replace("OTHER", servers.other);
      response.setHeader("set-cookie", "session=hunter22");
      if (location === undefined) response.end(firmware);
      else response.writeHead(302, { location }).end();
    });
  const servers = { own: "", other: "" };
  servers.own = (await serving("own", own)).origin;
  servers.other = (await serving("other", others)).origin;
  return { ...servers, heard };
}

test("the credentials of a URL go to its own server", async () => {
  const { own, heard } = await twoServers({ "/fw.bin": "/moved.bin" });
  await bench.resolve({ location: withCredentials(own) });
  expect(heard.own).toEqual([`/fw.bin ${authorization}`, `/moved.bin ${authorization}`]);
});

test.each<[string, Record<string, string>]>([
  ["to another server", { "/fw.bin": "OTHER/a" }],
  ["to another server, after one of its own", { "/fw.bin": "/b", "/b": "OTHER/a" }],
])("no credentials go along with a redirect %s", async (_, own) => {
  const servers = await twoServers(own);
  await bench.resolve({ location: withCredentials(servers.own) });
  expect(servers.heard.other).toEqual(["/a"]);
});

test("another server that sends the step back chooses no path to which the credentials go", async () => {
  const servers = await twoServers({ "/fw.bin": "OTHER/a" }, { "/a": "OWN/admin/reset" });
  await bench.resolve({ location: withCredentials(servers.own) });
  expect(servers.heard.own).toEqual([`/fw.bin ${authorization}`, "/admin/reset"]);
});

test("credentials that a server writes into a redirect are not used", async () => {
  const servers = await twoServers({ "/fw.bin": "OTHER/a" });
  const redirecting = await bench.serve((_, response) => {
    response.writeHead(302, { location: servers.other.replace("//", "//them:hunter22@") }).end();
  });
  await bench.resolve({ location: redirecting.origin });
  expect(servers.heard.other).toEqual(["/"]);
});

test("cookies are not kept, not even for the server that sets them", async () => {
  const servers = await twoServers({ "/fw.bin": "/b", "/b": "/c" });
  await bench.resolve({ location: `${servers.own}/fw.bin` });
  expect(servers.heard.own).toEqual(["/fw.bin", "/b", "/c"]);
});

test("the token goes to GitHub's API and not where that redirects to", async () => {
  const storage = await twoServers({});
  const api = await bench.serve(({ url = "" }, response) => {
    if (url.endsWith("/7")) response.writeHead(302, { location: `${storage.own}/asset` }).end();
    else response.end(JSON.stringify({ assets: [{ id: 7, name: "a.bin", state: "uploaded" }] }));
  });
  const github = { apiUrl: api.origin, token: "ghs_hunter22" };
  await bench.resolve({ location: "github-release:o/r@v1/a.bin", github });
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill("Bearer ghs_hunter22"));
  expect(storage.heard.own).toEqual(["/asset"]);
});

test("a layout's parts elsewhere get no credentials", async () => {
  const location = withCredentials("https://host");
  const request = { location, input: "firmware-url", workspace: "/", github: { apiUrl: "" }, purpose: "data" } as const;
  const layout = { name: "manifest.json", base: { kind: "url", url: "https://host/manifest.json" } } as const;
  expect(await partLocation(layout, "https://elsewhere/a.bin", request)).toBe("https://elsewhere/a.bin");
  expect(await partLocation(layout, "a.bin", request)).toBe("https://me:hunter22@host/a.bin");
});

describe("behind a proxy with a password", () => {
  const saved = { http_proxy: process.env.http_proxy, no_proxy: process.env.no_proxy };
  const proxy = createServer();
  const asked: string[] = [];
  let answer: string;
  let target: number | undefined;
  beforeAll(async () => {
    proxy.on("connection", (client) => {
      client
        .on("error", () => undefined)
        .once("data", (head) => {
          asked.push(head.toString());
          if (target === undefined) {
            client.end(answer);
          } else {
            client.write(answer);
            client.pipe(connect(target, "127.0.0.1")).pipe(client);
          }
        });
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    process.env.http_proxy = `http://me:hunter22@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked.length = 0;
    target = undefined;
  });
  afterAll(() => {
    proxy.close();
    for (const [name, value] of Object.entries(saved)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  test("only the proxy gets the password", async () => {
    const server = await twoServers({});
    target = Number(new URL(server.own).port);
    answer = "HTTP/1.1 200 OK\r\n\r\n";
    await bench.resolve({ location: "http://host.invalid/fw.bin" });
    expect(asked[0]).toMatch(/proxy-authorization: Basic/i);
    expect(server.heard.own).toEqual(["/fw.bin"]);
  });

  test.each([
    ["refuses", "HTTP/1.1 407 me:hunter22\r\n\r\n"],
    ["answers in the server's place", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"],
    ["speaks nonsense", "hunter22\r\n\r\n"],
  ])("one that %s is a server that cannot be reached, and the password stays out of the error", async (_, text) => {
    answer = text;
    const error = await bench.fail({ location: "http://host.invalid/fw.bin" });
    expect(error.code).toBe("firmware/unreachable");
    expect(JSON.stringify([error.message, error.details, bench.messages])).not.toMatch(/hunter22/);
  });

  test("NO_PROXY keeps it out", async () => {
    process.env.no_proxy = "host.invalid";
    const error = await bench.fail({ location: "http://host.invalid/fw.bin" });
    delete process.env.no_proxy;
    expect(error.code).toBe("firmware/unreachable");
    expect(asked).toEqual([]);
  });
});
