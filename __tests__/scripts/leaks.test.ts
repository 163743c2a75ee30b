import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir, hostname } from "node:os";
import path from "node:path";

/** Made on each machine anew, or others' builds, which name their own machines. */
const NOT_OURS = /^(node_modules|coverage|\.git)(\/|$)|^dist\/prebuilds\//;

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => path.posix.join(folder, name))
    .filter((file) => !NOT_OURS.test(file))
    .flatMap((file) => (statSync(file).isDirectory() ? filesBelow(file) : [file]));
}

const files = filesBelow(".").map((file) => [file, readFileSync(file, "latin1")] as const);

/** Places in the files at which this matches. */
function found(pattern: RegExp): string[] {
  return files.flatMap(([file, text]) => Array.from(text.matchAll(pattern), ([match]) => `${file}: ${match}`));
}

const literally = (text: string): RegExp => new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "g");

test("there is something to look at, built files as well", () => {
  expect(files.map(([file]) => file)).toEqual(
    expect.arrayContaining(["README.md", "package-lock.json", "dist/index.js", ".github/workflows/ci.yml"]),
  );
});

test.each([
  ["where this checkout lies", process.cwd()],
  ["the home of who works on it", homedir()],
  ["the name of this machine", hostname()],
])("no file tells %s", (_, text) => {
  // Not such as `/root`, `/workspace` and `localhost`, which are everybody's.
  if (/.[/\\]|\d/.test(text)) expect(found(literally(text))).toEqual([]);
});

test("no file has a path below somebody's home", () => {
  expect(found(/(?<![\w.])\/(home|Users)\/[a-z][\w.-]*/gi)).toEqual([]);
});

test("no file names a registry or a key to one", () => {
  const [registry = ""] = /(?<=\/\/)[^/]+/.exec(process.env.npm_config_registry ?? "") ?? [];
  if (registry !== "" && registry !== "registry.npmjs.org") expect(found(literally(registry))).toEqual([]);
  expect(found(/_auth(?:Token)=|"resolved": "(?=https?:)/g)).toEqual([]);
});

test("no file has an address of a person, but for the licences of others", () => {
  const addresses = found(/[\w.+-]+@[a-z\d-]+(\.[a-z\d-]+)*\.[a-z]{2,}\b/gi);
  expect(
    addresses.filter((each) => !each.startsWith("dist/") && !/@example\.com$|\.(example|invalid)$/.test(each)),
  ).toEqual([]);
});
