import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { workspaceOf } from "../../scripts/runner.mjs";
import type { StepOptions, StepResult } from "../../scripts/runner.mjs";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import type { Confinement } from "./confined.js";

const project = path.resolve(import.meta.dirname, "../..");

/** What the workspace has as `fw.bin`. */
export const firmware = buildDemoFirmware(esp32);

/** A runner in a process of its own, which can be put behind a command; it hides a folder first, if it is told to. */
const RUNNER = `
  const { runner, hidden, options } = JSON.parse(process.argv[1]);
  const { spawnSync } = await import("node:child_process");
  if (hidden) spawnSync("mount", ["-t", "tmpfs", "tmpfs", hidden]);
  const { runStep } = await import(runner);
  console.log(JSON.stringify(await runStep(options)));
`;

/** What a step finds around it. */
export type Surroundings = Partial<StepOptions> & Omit<Confinement, "env" | "end">;

/** Flashes a virtual board with the built action, which lies below `root` as the runner's folders do. */
export async function flashIn(root: string, surroundings: Surroundings = {}): Promise<StepResult> {
  const { behind, hidden, owner, ...changes } = surroundings;
  const runnerFolder = changes.runnerFolder ?? path.join(root, "runner");
  const actionFolder = changes.actionFolder ?? path.join(root, "action");
  for (const name of ["action.yml", "package.json", "dist"]) {
    cpSync(path.join(project, name), path.join(actionFolder, name), { recursive: true });
  }
  for (const name of ["runner.mjs", "action-file.mjs"]) {
    cpSync(path.join(project, "scripts", name), path.join(root, name));
  }
  const workspace = workspaceOf(runnerFolder);
  mkdirSync(workspace, { recursive: true });
  if (!existsSync(path.join(workspace, "fw.bin"))) writeFileSync(path.join(workspace, "fw.bin"), firmware);
  if (owner !== undefined) spawnSync("chown", ["-R", `${owner}:${owner}`, root]);
  const inputs = {
    port: "virtual:esp32?flash=board.bin",
    "boot-check": "off",
    "firmware-url": "fw.bin",
    "lock-dir": path.join(root, "locks"),
    ...changes.inputs,
  };
  const options = { ...changes, actionFolder, runnerFolder, inputs };
  const order = JSON.stringify({ runner: path.join(root, "runner.mjs"), hidden, options });
  const [command, ...args] = [...(behind ?? []), process.execPath, "--input-type=module", "--eval", RUNNER, order];
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  await once(child, "close");
  return JSON.parse(told) as StepResult;
}
