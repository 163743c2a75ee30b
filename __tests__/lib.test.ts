import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const rolldown = path.resolve("node_modules/rolldown/bin/cli.mjs");
const absent = ["@actions/core", "@actions/http-client", "@actions/tool-cache", "serialport", "koffi"];

test("the library loads where neither the Actions packages nor serialport and koffi are installed", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "lib-"));
  const externals = absent.flatMap((name) => ["--external", name]);
  const options = ["--dir", folder, "--platform", "node", ...externals];
  execFileSync(process.execPath, [rolldown, "src/lib.ts", ...options], { stdio: "ignore" });
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');

  const script = 'import("./lib.js").then((lib) => console.log(Object.keys(lib).join(" ")))';
  const names = execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" });
  rmSync(folder, { recursive: true });

  expect(names).toContain("flashDevice");
  expect(names).toContain("openTransport");
});
