import { n as __esmMin } from "./rolldown-runtime.js";
import { createRequire } from "node:module";
import path from "node:path";
// src/transport/serial-prebuilds.ts
/**
* Loads an addon of the built action, which carries them in `prebuilds/` beside its code. On Linux the addon for the other
* C library does not load, so trying is the surest way to tell which one is there. Throws with what each file said.
*/
function loadPrebuild(files) {
	const platform = `${process.platform}-${process.arch}`;
	const load = createRequire(import.meta.url);
	const problems = [];
	for (const file of files[platform] ?? []) try {
		return load(path.join(import.meta.dirname, "prebuilds", file));
	} catch (thrown) {
		problems.push(`${file}: ${String(thrown)}`);
	}
	throw new Error(problems.length > 0 ? problems.join("; ") : `there is no build of it for ${platform}`);
}
var init_serial_prebuilds = __esmMin((() => {}));
export { loadPrebuild as n, init_serial_prebuilds as t };
