import { loadPrebuild } from "./serial-prebuilds.js";
import type { AddonFiles } from "./serial-prebuilds.js";

// File names: bindings-cpp 13.0.0 `prebuilds/`.
const name = "@serialport+bindings-cpp";
const armv8 = [`linux-arm64/${name}.armv8.glibc.node`, `linux-arm64/${name}.armv8.musl.node`];
const armv7 = [`linux-arm/${name}.armv7.glibc.node`, `linux-arm/${name}.armv7.musl.node`];

/** The built addons of serialport. */
export const addonFiles: AddonFiles = {
  "linux-x64": [`linux-x64/${name}.glibc.node`, `linux-x64/${name}.musl.node`],
  "linux-arm64": armv8,
  "linux-arm": armv7,
  "darwin-x64": [`darwin-x64+arm64/${name}.node`],
  "darwin-arm64": [`darwin-x64+arm64/${name}.node`],
  "win32-x64": [`win32-x64/${name}.node`],
  "win32-arm64": [`win32-arm64/${name}.armv8.node`],
};

/** Takes the place of `node-gyp-build` in the built action. Throws where no file loads. */
export default function loadAddon(): unknown {
  return loadPrebuild(addonFiles);
}
