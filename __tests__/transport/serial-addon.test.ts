import { existsSync } from "node:fs";
import path from "node:path";
import loadAddon, { addonFiles } from "../../src/transport/serial-addon.js";

test.each(Object.entries(addonFiles))(
  "for %s there are built addons in the package and in dist",
  (_platform, files) => {
    for (const file of files) {
      expect(existsSync(path.join("node_modules/@serialport/bindings-cpp/prebuilds", file))).toBe(true);
      expect(existsSync(path.join("dist/prebuilds", file))).toBe(true);
    }
  },
);

test("an addon that does not load says which files were tried", () => {
  const [file] = addonFiles[`${process.platform}-${process.arch}`] ?? [];

  expect(() => loadAddon()).toThrow(file ?? "there is no build of it");
});
