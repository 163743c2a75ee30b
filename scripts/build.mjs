/** Builds the action: `node scripts/build.mjs [folder]`, into `dist/` when none is named. What was there before goes. */
import { cpSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import licensePlugin from "rollup-plugin-license";
import { rolldown } from "rolldown";

const root = path.join(import.meta.dirname, "..");

const entries = {
  index: "src/main.ts",
  post: "src/post-main.ts",
  reset: "src/action/sub/reset-main.ts",
  monitor: "src/action/sub/monitor-main.ts",
  erase: "src/action/sub/erase-main.ts",
  read: "src/action/sub/read-main.ts",
  info: "src/action/sub/info-main.ts",
  list: "src/action/sub/list-main.ts",
  "lock-keeper": "src/ports/lock-keeper-main.ts",
  "virtual-board": "src/virtual/serve-main.ts",
  "demo-firmware": "src/demo-firmware-main.ts",
};

/** Folders of serialport's addons that are shipped: what runners run on. */
const prebuilds = ["darwin-x64+arm64", "linux-arm", "linux-arm64", "linux-x64", "win32-arm64", "win32-x64"];
/** koffi's addons that are shipped, and where its package has them: Linux only, and musl as far as the runner knows it. */
const koffiBuilds = {
  "linux-x64/koffi.glibc.node": "linux_x64",
  "linux-x64/koffi.musl.node": "musl_x64",
  "linux-arm64/koffi.glibc.node": "linux_arm64",
  "linux-arm/koffi.glibc.node": "linux_armhf",
};
const koffiFolder = path.join(root, "node_modules/koffi");
/** The first Raspberry Pi: no runner and no Node 24 exist for it. */
const leftOut = "armv6";

/**
 * Chunks by name. `first-line` is what the first line of the log needs, and `step` what every run needs behind it; each in
 * one file, because each further one costs a start time. The HTTP client is large and stays out of both.
 */
const chunks = [
  { name: "http-client", test: /[/]node_modules[/](@actions[/]http-client|undici|tunnel)[/]/, priority: 1 },
  {
    name: "first-line",
    test: /[/]node_modules[/]@actions[/]core[/]|[/]src[/](action[/](run|plain-text|secrets)|firmware[/]url|base[/])/,
    priority: 2,
  },
  { name: "step", test: /[/]src[/]action[/](?!claim-|flash-board|leave-|power-cycle|post|sub[/])|rolldown[/]runtime/ },
];

const allowedLicences = "(MIT OR Apache-2.0 OR BSD-2-Clause OR BSD-3-Clause OR ISC OR 0BSD OR Zlib)";

/**
 * The package is CommonJS and exports the function itself, unlike what its types say.
 * @typedef {(options: import("rollup-plugin-license").Options) => import("rolldown").Plugin} LicensePlugin
 */
const license = /** @type {LicensePlugin} */ (/** @type {unknown} */ (licensePlugin));

/** @param {import("rollup-plugin-license").Dependency[]} dependencies @returns {string} */
function licenceList(dependencies) {
  const texts = dependencies.map((dependency) => {
    const { name, version, license: terms, licenseText, noticeText } = dependency;
    if (!licenseText) throw new Error(`${name} ships no licence text`);
    return [`${name} ${version}: ${terms}`, licenseText.trim(), noticeText?.trim() ?? ""].filter(Boolean).join("\n\n");
  });
  texts.push(koffiLicence());
  return `${texts.sort().join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

/** Only addons of it are shipped, which the bundle does not know of. */
function koffiLicence() {
  const about = readFileSync(path.join(koffiFolder, "package.json"), "utf8");
  const text = readFileSync(path.join(koffiFolder, "LICENSE.txt"), "utf8");
  if (!about.includes('"license": "MIT"')) throw new Error("koffi has another licence now");
  return `koffi ${/"version": "(.+)"/.exec(about)?.[1] ?? ""}: MIT\n\n${text.trim()}`;
}

/**
 * Rolldown imports its helpers also where none is used; each file more is a millisecond of every start.
 * @type {import("rolldown").Plugin}
 */
const dropUnusedRuntime = {
  name: "drop-unused-runtime",
  renderChunk: (code) => code.replace(/^import "[.][/]rolldown-runtime[.]js";\n/m, ""),
};

/** @param {string} unit @returns {string} */
const escapeOf = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * V8 keeps a text with one character beyond Latin-1 in two bytes for each, as long as the process lives. What takes two
 * UTF-16 units becomes two escapes, which mean the same in a string, and in a regular expression with its `u` flag.
 * @type {import("rolldown").Plugin}
 */
const escapeNonAscii = {
  name: "escape-non-ascii",
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type !== "chunk") continue;
      // eslint-disable-next-line no-control-regex
      file.code = file.code.replace(/[^\x00-\x7f]/g, escapeOf);
    }
  },
};

/** @param {string} outputFolder */
async function build(outputFolder) {
  const bundle = await rolldown({
    cwd: root,
    input: entries,
    platform: "node",
    resolve: {
      alias: {
        "node-gyp-build": path.join(root, "src/transport/serial-addon.ts"),
        koffi: path.join(root, "src/transport/serial-koffi.ts"),
      },
    },
    // The packages of the toolkit do nothing on import but do not say so; without this every start loads undici.
    treeshake: { moduleSideEffects: (id) => !id.includes("/node_modules/@actions/") },
    transform: { target: "node20.11", define: { __dirname: "import.meta.dirname" } },
    plugins: [
      dropUnusedRuntime,
      escapeNonAscii,
      license({
        cwd: root,
        thirdParty: {
          allow: { test: allowedLicences, failOnUnlicensed: true, failOnViolation: true },
          output: { file: path.join(outputFolder, "licenses.txt"), encoding: "utf-8", template: licenceList },
        },
      }),
    ],
    onLog(level, log) {
      // `open-transport` is needed at once for its checks; what it opens is still loaded when it is opened.
      if (level === "warn" && log.code !== "INEFFECTIVE_DYNAMIC_IMPORT") throw new Error(log.message);
    },
  });
  rmSync(outputFolder, { recursive: true, force: true });
  await bundle.write({
    dir: outputFolder,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: (chunk) => (chunk.facadeModuleId?.endsWith(".json") ? "stub-[name].js" : "[name].js"),
    codeSplitting: { groups: chunks },
  });
  await bundle.close();
  for (const folder of prebuilds) {
    const source = path.join(root, "node_modules/@serialport/bindings-cpp/prebuilds", folder);
    cpSync(source, path.join(outputFolder, "prebuilds", folder), {
      recursive: true,
      filter: (file) => !path.basename(file).includes(leftOut),
    });
  }
  for (const [file, build] of Object.entries(koffiBuilds)) {
    cpSync(path.join(koffiFolder, "build/koffi", build, "koffi.node"), path.join(outputFolder, "prebuilds", file));
  }
}

await build(path.resolve(process.argv[2] ?? path.join(root, "dist")));
