import { createRequire } from "node:module";
import path from "node:path";

// File names: bindings-cpp 13.0.0 `prebuilds/`.
const name = "@serialport+bindings-cpp";
const armv8 = [`linux-arm64/${name}.armv8.glibc.node`, `linux-arm64/${name}.armv8.musl.node`];
const armv7 = [`linux-arm/${name}.armv7.glibc.node`, `linux-arm/${name}.armv7.musl.node`];

/** The built addons of a platform and architecture, as Node names them, in the order in which they are tried. */
export const addonFiles: Readonly<Record<string, readonly string[]>> = {
  "linux-x64": [`linux-x64/${name}.glibc.node`, `linux-x64/${name}.musl.node`],
  "linux-arm64": armv8,
  "linux-arm": armv7,
  "darwin-x64": [`darwin-x64+arm64/${name}.node`],
  "darwin-arm64": [`darwin-x64+arm64/${name}.node`],
  "win32-x64": [`win32-x64/${name}.node`],
  "win32-arm64": [`win32-arm64/${name}.armv8.node`],
};

/**
 * Takes the place of `node-gyp-build` in the built action, which carries the addons in `prebuilds/` beside its code. On
 * Linux the addon for the other C library does not load, so trying is the surest way to tell which one is there.
 * Throws with what each file said.
 */
export default function loadAddon(): unknown {
  const platform = `${process.platform}-${process.arch}`;
  const load = createRequire(import.meta.url);
  const problems: string[] = [];
  for (const file of addonFiles[platform] ?? []) {
    try {
      return load(path.join(import.meta.dirname, "prebuilds", file));
    } catch (thrown) {
      problems.push(`${file}: ${String(thrown)}`);
    }
  }
  throw new Error(problems.length > 0 ? problems.join("; ") : `there is no build of it for ${platform}`);
}
