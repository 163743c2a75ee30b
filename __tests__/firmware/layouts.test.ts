import { symlinkSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { FirmwareSet } from "../../src/firmware/firmware.js";
import { makeTgz, makeZip } from "../support/archives.js";
import type { MemberRecipe } from "../support/archives.js";
import { digestOf, openFirmwareBench } from "../support/firmware-bench.js";
import type { FirmwareBench } from "../support/firmware-bench.js";
import { buildFiles, buildOffsets, flashArgs, flasherArgs, webManifest } from "../support/firmware-layouts.js";

let bench: FirmwareBench;
beforeEach(() => {
  bench = openFirmwareBench();
});
afterEach(() => bench.dispose());

type Files = Readonly<Record<string, string | Uint8Array>>;

const layouts: Files = {
  "flasher_args.json": flasherArgs(),
  flash_args: flashArgs,
  "manifest.json": webManifest("ESP32"),
};
const putAll = (files: Files, folder = "build"): void => {
  for (const [path, content] of Object.entries(files)) bench.put(`${folder}/${path}`, content);
};
const members = (files: Files, folder = ""): MemberRecipe[] =>
  Object.entries(files).map(([path, content]) => ({ path: folder + path, bytes: Buffer.from(content) }));

/** Serves files by their paths, whatever the query, and says so where one is not new to the client. */
const serving =
  (files: Files): RequestListener =>
  (request, response) => {
    const content = files[new URL(request.url ?? "", "http://host").pathname.slice(1)];
    const etag = `"${request.url ?? ""}"`;
    if (content === undefined) response.writeHead(404).end();
    else if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end(content);
  };

function expectBuild(set: FirmwareSet): void {
  expect(set.parts.map(({ name, place }) => [name, place])).toEqual(
    Object.entries(buildOffsets).map(([name, offset]) => [name, { kind: "offset", offset }]),
  );
  for (const { name, bytes, sha256 } of set.parts) {
    expect(Buffer.from(bytes).equals(buildFiles[name] ?? new Uint8Array())).toBe(true);
    expect(sha256).toBe(digestOf(bytes));
  }
}

describe.each(Object.keys(layouts))("%s", (layout) => {
  const all = { ...buildFiles, [layout]: layouts[layout] ?? "" };

  test("on disk", async () => {
    putAll(all);
    const set = await bench.resolveSet(`build/${layout}`);
    expectBuild(set);
    expect(set).toMatchObject({ name: layout, source: "file", sha256: undefined, downloadedBytes: 0 });
  });

  test("by a file URL", async () => {
    putAll(all);
    expectBuild(await bench.resolveSet(pathToFileURL(join(bench.workspace, "build", layout)).href));
  });

  test("on a server, from the cache the second time", async () => {
    const server = await bench.serve(serving(all));
    const first = await bench.resolveSet(`${server.origin}/${layout}?version=2`);
    expectBuild(first);
    const total = Object.values(all).reduce((sum, content) => sum + content.length, 0);
    expect(first).toMatchObject({ source: "url", fromCache: false, downloadedBytes: total });

    const second = await bench.resolveSet(`${server.origin}/${layout}?version=2`);
    expectBuild(second);
    expect(second).toMatchObject({ fromCache: true, downloadedBytes: 0 });
  });

  test.each([
    ["zip", (): Uint8Array => makeZip(members(all))],
    ["zip, in a folder", (): Uint8Array => makeZip(members(all, "blink-1.2.3/"))],
    ["tgz", (): Uint8Array => makeTgz(members(all))],
    ["zip that macOS made", (): Uint8Array => makeZip([...members(all), { path: `__MACOSX/._${layout}` }])],
  ])("in a %s file", async (_, make) => {
    const archive = make();
    bench.put("fw.archive", archive);
    const set = await bench.resolveSet("fw.archive", {
      items: [{ location: "fw.archive", sha256: digestOf(archive) }],
    });
    expect(set.parts.map(({ bytes }) => Buffer.from(bytes).toString("hex"))).toEqual(
      Object.keys(buildOffsets).map((path) => Buffer.from(buildFiles[path] ?? []).toString("hex")),
    );
    expect(set.sha256).toBe(digestOf(archive));
  });

  test("in an archive on a server that its digest pins needs one request for all times", async () => {
    const archive = makeZip(members(all));
    const server = await bench.serve(serving({ "fw.zip": archive }));
    const items = [{ location: `${server.origin}/fw.zip`, sha256: digestOf(archive) }];
    expectBuild(await bench.resolveSet("", { items }));
    expectBuild(await bench.resolveSet("", { items }));
    expect(server.requests).toHaveLength(1);
  });

  test("in an archive on a server, chosen by name", async () => {
    const server = await bench.serve(serving({ "fw.tgz": makeTgz(members({ ...all, "other.bin": "x" })) }));
    expectBuild(await bench.resolveSet(`${server.origin}/fw.tgz#${layout}`));
  });
});

test("flasher_args.json gives settings, chip and what is to be encrypted", async () => {
  putAll({
    ...buildFiles,
    "flasher_args.json": flasherArgs({ app: { offset: "0x10000", file: "blink.bin", encrypted: "true" } }),
  });
  const set = await bench.resolveSet("build/flasher_args.json", { chip: "esp32" });
  expect(set.settings).toEqual({ mode: "dio", frequency: "40m", size: "4MB" });
  expect(set.chip).toBe("esp32");
  expect(set.parts.map(({ encrypted }) => encrypted)).toEqual([false, false, true]);
});

test.each<[string, object, readonly boolean[]]>([
  ["--flash-mode qio --flash-size detect -z\n0x0 a.bin 0x8000 a.bin", { mode: "qio", size: "detect" }, [false, false]],
  ["--encrypt\n4096 'a.bin'\n", {}, [true]],
  [
    '-fm dout -ff 80m\r\n0x1000 "a.bin"\r\n--encrypt-files 0x10000 a.bin',
    { mode: "dout", frequency: "80m" },
    [false, true],
  ],
])("flash_args takes %j", async (text, settings, encrypted) => {
  putAll({ flash_args: text, "a.bin": "some bytes" });
  const set = await bench.resolveSet("build/flash_args");
  expect(set.settings).toEqual(settings);
  expect(set.parts.map((part) => part.encrypted)).toEqual(encrypted);
});

describe("a manifest for several chips", () => {
  test("has the build that `chip` names", async () => {
    putAll({ ...buildFiles, "manifest.json": webManifest("ESP8266", "ESP32", "ESP32-S3") });
    for (const chip of ["esp8266", "esp32", "esp32s3"]) {
      expect((await bench.resolveSet("build/manifest.json", { chip })).chip).toBe(chip);
    }
  });

  test("needs `chip`", async () => {
    putAll({ ...buildFiles, "manifest.json": webManifest("ESP32", "ESP32-C3") });
    const error = await bench.failSet("build/manifest.json");
    expect(error.code).toBe("firmware/chip");
    expect(error.message).toMatch(/`chip` does not say which; it has builds for ESP32, ESP32-C3$/);
  });

  test("prefers the build for any serial port", async () => {
    const [build] = (JSON.parse(webManifest("ESP32")) as { builds: object[] }).builds;
    const builds = [{ ...build, serialType: "cdc", parts: [] }, build];
    putAll({ ...buildFiles, "manifest.json": JSON.stringify({ builds }) });
    expectBuild(await bench.resolveSet("build/manifest.json"));
  });
});

describe("parts of a remote layout", () => {
  const manifestOf = (...paths: readonly string[]): string =>
    JSON.stringify({
      builds: [{ chipFamily: "ESP32", parts: paths.map((path, index) => ({ path, offset: index * 0x10000 })) }],
    });

  test("start where the redirects end, and take the credentials of their own origin along", async () => {
    const other = await bench.serve((request, response) => {
      response.end(request.headers.authorization ?? "nobody");
    });
    const server = await bench.serve((request, response) => {
      if (request.url === "/latest.json?key=1") response.writeHead(302, { location: "/v2/manifest.json" }).end();
      else if (request.url === "/v2/manifest.json")
        response.end(manifestOf("app.bin", "../x.bin", `${other.origin}/y.bin`));
      else response.end(`${request.url ?? ""} ${request.headers.authorization ?? ""}`);
    });
    const url = new URL(`${server.origin}/latest.json?key=1`);
    url.username = "me";
    url.password = "secret";
    const basic = `Basic ${Buffer.from("me:secret").toString("base64")}`;
    const set = await bench.resolveSet(url.href);
    const texts = set.parts.map(({ bytes }) => Buffer.from(bytes).toString());
    expect(texts).toEqual([`/v2/app.bin ${basic}`, `/x.bin ${basic}`, "nobody"]);
  });

  test.each([
    ["file:///etc/passwd", /neither http nor https/],
    ["ftp://host/app.bin", /neither http nor https/],
    ["http://[", /is not a URL/],
  ])("may not be at %s", async (path, message) => {
    const server = await bench.serve(serving({ "manifest.json": manifestOf(path) }));
    const error = await bench.failSet(`${server.origin}/manifest.json`);
    expect(error.code).toBe("firmware/layout-path");
    expect(error.message).toMatch(message);
  });

  test("may not be a page", async () => {
    const html = "<!doctype html><title>Sign in</title>";
    const server = await bench.serve(serving({ "manifest.json": manifestOf("app.bin"), "app.bin": html }));
    expect((await bench.failSet(`${server.origin}/manifest.json`)).code).toBe("firmware/html");
  });

  test("may be named by a local manifest", async () => {
    const server = await bench.serve(serving({ "app.bin": "from the server" }));
    bench.put("manifest.json", manifestOf(`${server.origin}/app.bin`));
    const set = await bench.resolveSet("manifest.json");
    expect(Buffer.from(set.parts[0]?.bytes ?? []).toString()).toBe("from the server");
    expect(set.source).toBe("mixed");
  });
});

const withPart = (path: string): string => flasherArgs({ flash_files: { "0x1000": path } });

// What is wrong, the files, the layout, the error's code, and a part of what it says.
test.each<[string, Files, string, string, RegExp]>([
  ["not JSON", { "flasher_args.json": "{,}" }, "flasher_args.json", "layout", /is not JSON.* \(at character 1\)/],
  ["JSON of another kind", { "flasher_args.json": "[]" }, "flasher_args.json", "json", /JSON document/],
  [
    "without files",
    { "flasher_args.json": flasherArgs({ flash_files: {} }) },
    "flasher_args.json",
    "layout",
    /no file/,
  ],
  [
    "numbers as files",
    { "a.json": flasherArgs({ flash_files: { "0x0": 5 } }) },
    "a.json",
    "layout",
    /at flash_files\.0x0/,
  ],
  [
    "a broken offset",
    { "a.json": flasherArgs({ flash_files: { "64k": "a" } }) },
    "a.json",
    "layout",
    /has "64k" where/,
  ],
  [
    "too high an offset",
    { "a.json": flasherArgs({ flash_files: { "0x100000000": "a" } }) },
    "a.json",
    "layout",
    /where/,
  ],
  ["a missing part", { "a.json": withPart("none.bin") }, "a.json", "not-found", /none\.bin does not exist/],
  ["a folder as a part", { "a.json": withPart("dir"), "dir/a.bin": "a" }, "a.json", "not-a-file", /is a directory/],
  ["an empty part", { "a.json": withPart("e.bin"), "e.bin": "" }, "a.json", "empty", /e\.bin is empty/],
  ["a part without a name", { "a.json": withPart("") }, "a.json", "layout-path", /is empty/],
  ["a part above it", { "a.json": withPart("../../x.bin") }, "a.json", "layout-path", /leads out of its place/],
  ["a part in a parent by detour", { "a.json": withPart("b/../../x.bin") }, "a.json", "layout-path", /leads out/],
  ["an absolute part", { "a.json": withPart("/etc/passwd") }, "a.json", "layout-path", /not a plain relative path/],
  ["a part on a drive", { "a.json": withPart("C:/x.bin") }, "a.json", "layout-path", /not a plain relative path/],
  ["a part with backslashes", { "a.json": withPart("..\\x.bin") }, "a.json", "layout-path", /not a plain relative/],
  ["a part at a file URL", { "a.json": withPart("file:///etc/passwd") }, "a.json", "layout-path", /not a plain/],
  ["a part with a zero byte", { "a.json": withPart("a\0b") }, "a.json", "layout-path", /not a plain relative path/],
  ["too many parts", { flash_args: "0x0 a.bin\n".repeat(129) }, "flash_args", "layout", /names 129 files; at most 128/],
  ["an open quote", { flash_args: '0x1000 "a.bin' }, "flash_args", "layout", /open quote in line 1/],
  ["a word too many", { flash_args: "0x0 a.bin\n\nb.bin" }, "flash_args", "layout", /unknown word in line 3: "b\.bin"/],
  [
    "an unknown option",
    { flash_args: "--force\n0x0 a.bin" },
    "flash_args",
    "layout",
    /unknown word in line 1: "--force"/,
  ],
  ["an offset alone", { flash_args: "0x0 a.bin\n0x8000" }, "flash_args", "layout", /line 2 where a file is missing/],
  ["an option alone", { flash_args: "0x0 a.bin\n--flash_mode" }, "flash_args", "layout", /where a value is missing/],
  ["options alone", { flash_args: "--flash_mode dio" }, "flash_args", "layout", /no file to flash/],
  ["bytes that are no text", { flash_args: Buffer.of(0, 1, 2) }, "flash_args", "layout", /is not a text/],
  ["without builds", { "manifest.json": '{"builds":[]}' }, "manifest.json", "chip", /builds for no chip/],
  ["another manifest", { "manifest.json": '{"name":"app","start_url":"/"}' }, "manifest.json", "json", /JSON document/],
  [
    "offsets as texts",
    { "m.json": '{"builds":[{"chipFamily":"ESP32","parts":[{"path":"a","offset":"0"}]}]}' },
    "m.json",
    "layout",
    /builds\.0\.parts\.0\.offset/,
  ],
  ["an HTML page", { "flasher_args.json": "<html></html>" }, "flasher_args.json", "html", /HTML/],
])("a layout with %s is refused", async (_, files, layout, code, message) => {
  bench.put("x.bin", "outside");
  putAll({ "a.bin": "some bytes", ...files });
  const error = await bench.failSet(`build/${layout}`);
  expect(error.code).toBe(`firmware/${code}`);
  expect(error.message).toMatch(message);
});

(process.platform === "win32" ? test.skip : test)("a link out of the folder is refused (POSIX only)", async () => {
  bench.put("secret.bin", "outside");
  putAll({ "a.json": withPart("app.bin") });
  symlinkSync("../secret.bin", join(bench.workspace, "build", "app.bin"));
  expect((await bench.failSet("build/a.json")).code).toBe("firmware/layout-path");
});

test.each<[string, Files, string | undefined, string, RegExp]>([
  ["nothing of a layout", { "a.bin": "a", "b.bin": "b" }, undefined, "no-member", /in it: a\.bin, b\.bin$/],
  ["nothing at all", {}, undefined, "no-member", /in it: nothing$/],
  [
    "two layouts at one height",
    { "a/flash_args": flashArgs, "b/flash_args": flashArgs },
    undefined,
    "no-member",
    /a\/flash_args and b/,
  ],
  ["not the member that was named", { "a.bin": "a" }, "b.bin", "no-member", /does not hold b\.bin; in it: a\.bin/],
  ["not the part that its layout names", { "a/flash_args": "0x0 b.bin" }, undefined, "no-member", /hold a\/b\.bin/],
  ["a layout that leads out of it", { "a/flash_args": "0x0 ../../b.bin" }, undefined, "layout-path", /leads out/],
  ["a layout that leads to a server", { flash_args: "0x0 http://host/b.bin" }, undefined, "layout-path", /not a plain/],
  ["an archive", { "inner.zip": makeZip([{ path: "a.bin" }]) }, undefined, "archive", /an archive itself/],
  ["an empty file", { "a.bin": "" }, undefined, "empty", /a\.bin is empty/],
  ["a web page", { "a.bin": "<!doctype html><html>" }, undefined, "html", /HTML page/],
])("an archive that holds %s is refused", async (_, files, member, code, message) => {
  bench.put("fw.zip", makeZip(members(files)));
  const error = await bench.failSet(member === undefined ? "fw.zip" : `fw.zip#${member}`);
  expect(error.code).toBe(`firmware/${code}`);
  expect(error.message).toMatch(message);
});

test.each(["fw.zip", "fw.tgz", "fw.tar"])("what only is called %s is refused", async (name) => {
  bench.put(name, buildFiles["blink.bin"] ?? "");
  expect((await bench.failSet(name)).code).toBe("firmware/archive");
});

test("a layout deeper in an archive yields to one nearer to its top", async () => {
  const inner = members({ flash_args: "0x0 none.bin" }, "docs/example/");
  bench.put("fw.zip", makeZip([...inner, ...members({ ...buildFiles, flash_args: flashArgs }, "build/")]));
  expect((await bench.resolveSet("fw.zip")).parts).toHaveLength(3);
});

describe("what contradicts a layout", () => {
  test("is an offset", async () => {
    putAll({ ...buildFiles, ...layouts });
    const items = [{ location: "build/flasher_args.json", place: { kind: "offset", offset: 0x1000 } as const }];
    const error = await bench.failSet("", { items });
    expect(error.code).toBe("input/conflict");
    expect(error.message).toMatch(/flasher_args\.json says itself what goes where, and so does `offset`/);
  });

  test("is a digest that pins the layout and not its parts", async () => {
    putAll({ ...buildFiles, ...layouts });
    const items = [{ location: "build/flash_args", sha256: digestOf(Buffer.from(flashArgs)) }];
    const error = await bench.failSet("", { items });
    expect(error.code).toBe("input/conflict");
    expect(error.message).toMatch(/`sha256` pins flash_args alone/);
  });

  test("is another chip", async () => {
    putAll({ ...buildFiles, ...layouts });
    const error = await bench.failSet("build/flasher_args.json", { chip: "esp32c3" });
    expect(error.code).toBe("firmware/chip");
    expect(error.message).toMatch(/is for esp32, but `chip` says esp32c3/);
  });

  test("is a member of what is no archive", async () => {
    const server = await bench.serve(serving({ "app.bin": buildFiles["blink.bin"] ?? "" }));
    const error = await bench.failSet(`${server.origin}/app.bin#top`);
    expect(error.code).toBe("input/invalid");
    expect(error.message).toMatch(/asks for top in .*app\.bin, which is no archive/);
  });
});

test("gzip around an image is taken off, also at an offset if the name says so", async () => {
  const app = buildFiles["blink.bin"] ?? new Uint8Array();
  const place = { kind: "offset", offset: 0x10000 } as const;
  bench.put("app.bin.gz", gzipSync(app));
  bench.put("page.html", gzipSync("<html>"));
  for (const item of [{ location: "app.bin.gz" }, { location: "app.bin.gz", place }]) {
    const { parts, sha256 } = await bench.resolveSet("", { items: [item] });
    expect(parts.map(({ name }) => name)).toEqual(["app.bin"]);
    expect(parts[0]?.place).toEqual("place" in item ? place : undefined);
    expect(parts[0]?.sha256).toBe(digestOf(app));
    expect(sha256).toBe(digestOf(gzipSync(app)));
  }
  const [data] = (await bench.resolveSet("", { items: [{ location: "page.html", place }] })).parts;
  expect(Buffer.from(data?.bytes ?? [])).toEqual(gzipSync("<html>"));
});
