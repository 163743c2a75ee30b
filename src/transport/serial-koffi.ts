import type * as Koffi from "koffi";
import { loadPrebuild } from "./serial-prebuilds.js";
import type { AddonFiles } from "./serial-prebuilds.js";

/** Where the built action has koffi's addons; only Linux needs them. */
const koffiFiles: AddonFiles = {
  "linux-x64": ["linux-x64/koffi.glibc.node", "linux-x64/koffi.musl.node"],
  "linux-arm64": ["linux-arm64/koffi.glibc.node"],
  "linux-arm": ["linux-arm/koffi.glibc.node"],
};

// koffi's own loader looks for its build beside its package, which the built action does not have.
/** Takes the place of `koffi` in the built action. Importing it throws where no file loads. */
export default loadPrebuild(koffiFiles) as typeof Koffi;
