/**
 * Checks who may import whom below `src/`: `node scripts/floors.mjs [project folder]`. Ends non-zero on a violation, and
 * also when nothing was read, because a resolver that finds no files finds no violations either.
 */
import path from "node:path";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

/** Imports only go down: a folder may import itself and whatever lies on a lower floor. */
const floors = {
  base: 0,
  transport: 1,
  protocol: 1,
  chips: 1,
  image: 1,
  files: 1,
  device: 2,
  virtual: 2,
  ports: 2,
  flash: 3,
  firmware: 3,
  monitor: 3,
  action: 4,
};

/**
 * Neighbours on one floor do not know each other, but for these: a chip's record names the dialect that its ROM speaks,
 * and an image is judged by the record of the chip that shall boot it.
 */
const neighbours = { chips: ["protocol"], image: ["chips"] };

/** What a folder must not know although it lies below. */
const hidden = {
  action: ["protocol"],
  ports: ["protocol"],
  firmware: ["device", "virtual", "ports", "transport", "protocol"],
  monitor: ["virtual", "ports", "protocol"],
};

/** Files that stand beside the floors, and all of ours that they may import. */
const entries = {
  "src/main.ts": "^src/action/run[.]ts$",
  "src/post-main.ts": "^src/action/post[.]ts$",
  "src/open-transport.ts": "^src/(base|transport)/|^src/virtual/virtual-transport[.]ts$",
  "src/demo-firmware-main.ts": "^src/(base|chips|image)/",
  "src/lib.ts": "^src/(?!action/|(post-)?main[.]ts$)",
};

/** Where each npm package may be imported; any other package may not be imported in `src/` at all. */
const packages = {
  "@actions/core": "^src/action/",
  "@actions/http-client": "^src/firmware/http[.]ts$",
  "@actions/tool-cache": "^src/firmware/cache-entry[.]ts$",
  "@serialport/[^/]+": "^src/transport/serial[^/]*[.]ts$",
  "esptool-js": "^src/chips/",
  koffi: "^src/transport/serial[^/]*[.]ts$",
  pako: "^src/(flash/blocks[.]ts$|virtual/)",
  serialport: "^src/transport/serial[^/]*[.]ts$",
  valibot: "^src/(action/input[^/]*|firmware/[^/]*)[.]ts$",
};

/** @param {Record<string, readonly string[]>} table @param {string} folder */
const row = (table, folder) => table[folder] ?? [];

/** @returns {import("dependency-cruiser").IForbiddenRuleType[]} */
function floorRules() {
  return Object.entries(floors).map(([folder, floor]) => {
    const below = Object.entries(floors).filter(([, other]) => other < floor);
    const known = [folder, ...below.map(([name]) => name), ...row(neighbours, folder)];
    const allowed = known.filter((name) => !row(hidden, folder).includes(name)).join("|");
    const opener = floor >= 4 ? "|^src/open-transport[.]ts$" : "";
    return {
      name: `${folder}-imports-down`,
      severity: "error",
      from: { path: `^src/${folder}/` },
      to: { path: "^src/", pathNot: `^src/(${allowed})/${opener}` },
    };
  });
}

/** @returns {import("dependency-cruiser").IForbiddenRuleType[]} */
function entryRules() {
  return Object.entries(entries).map(([file, allowed]) => ({
    name: `${path.basename(file, ".ts")}-stands-beside`,
    severity: "error",
    from: { path: `^${file}$` },
    to: { path: "^src/", pathNot: allowed },
  }));
}

/** @returns {import("dependency-cruiser").IForbiddenRuleType[]} */
function packageRules() {
  const inModules = (/** @type {string} */ name) => `(^|/)node_modules/(@types/)?(${name})(/|$)|^(${name})(/|$)`;
  const npm = ["npm", "npm-dev", "npm-peer", "npm-optional", "npm-no-pkg", "npm-unknown", "unknown"];
  return [
    ...Object.entries(packages).map(([name, home]) => ({
      name: `${name}-has-one-home`,
      severity: /** @type {const} */ ("error"),
      from: { path: "^src/", pathNot: home },
      to: { path: inModules(name) },
    })),
    {
      name: "package-is-listed",
      severity: "error",
      from: { path: "^src/" },
      to: {
        dependencyTypes: /** @type {import("dependency-cruiser").DependencyType[]} */ (npm),
        pathNot: inModules(Object.keys(packages).join("|")),
      },
    },
  ];
}

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const otherRules = [
  {
    name: "folder-has-a-floor",
    severity: "error",
    from: { path: `^src/(?!(${Object.keys(floors).join("|")})/)[^/]+/` },
    to: {},
  },
  {
    name: "file-beside-is-listed",
    severity: "error",
    from: { path: "^src/[^/]+$", pathNot: `^(${Object.keys(entries).join("|")})$` },
    to: {},
  },
  { name: "no-cycle", severity: "error", from: { path: "^src/" }, to: { circular: true } },
  { name: "resolves", severity: "error", from: { path: "^src/" }, to: { couldNotResolve: true } },
  {
    name: "nothing-outside",
    severity: "error",
    from: { path: "^src/" },
    to: { path: "^(__tests__|scripts|dist|[.][.])/" },
  },
  {
    name: "pure-folders-do-no-io",
    severity: "error",
    from: { path: "^src/(base|protocol|chips|image)/" },
    to: { dependencyTypes: ["core"], pathNot: "^(node:)?(buffer|crypto|zlib)$" },
  },
];

/**
 * @param {string} project Folder that holds `src/`.
 * @returns {Promise<{ modules: number, violations: string[] }>}
 */
async function checkFloors(project) {
  process.chdir(project);
  const tsConfig = path.join(import.meta.dirname, "..", "tsconfig.json");
  const { output } = await cruise(
    ["src"],
    {
      validate: true,
      ruleSet: { forbidden: [...floorRules(), ...entryRules(), ...packageRules(), ...otherRules] },
      tsPreCompilationDeps: true,
      doNotFollow: { path: "node_modules" },
    },
    { conditionNames: ["import", "node", "default", "types"], extensions: [".ts", ".js", ".json"] },
    { tsConfig: extractTSConfig(tsConfig) },
  );
  if (typeof output === "string") throw new Error(`unexpected report: ${output}`);
  return {
    modules: output.modules.filter((module) => module.source.startsWith("src/")).length,
    violations: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}

const { modules, violations } = await checkFloors(process.argv[2] ?? path.join(import.meta.dirname, ".."));
for (const violation of violations) console.error(violation);
if (modules === 0) console.error("no modules were read: nothing was checked");
else console.log(`${modules} modules read, ${violations.length} violations`);
if (modules === 0 || violations.length > 0) process.exitCode = 1;
