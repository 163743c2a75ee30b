/**
 * Flashes a virtual board with the built action, twice, as a workflow would. Needs Node and this clone, and nothing else:
 * no install, no network, no board.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { makeRunnerFolder, runStep, workspaceOf } from "./runner.mjs";

const root = path.join(import.meta.dirname, "..");

/** More of an output would only hide the others. */
const LONGEST_OUTPUT = 120;

/** What the runner makes of a line: groups become headings, commands that are not for people vanish. @param {string} line */
function render(line) {
  const [, command = "", message = ""] = /^::([\w-]+)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
  const text = message.replaceAll("%0D", "\r").replaceAll("%0A", "\n  ").replaceAll("%25", "%");
  if (command === "") return [line];
  if (command === "group") return [`> ${text}`];
  return ["notice", "warning", "error"].includes(command) ? [`${command}: ${text}`] : [];
}

/** @param {string} title @param {string} runnerFolder */
async function showStep(title, runnerFolder) {
  console.log(`\n=== ${title} ===\n`);
  const flash = encodeURIComponent(path.join(runnerFolder, "board.bin"));
  let rest = "";
  const result = await runStep({
    actionFolder: root,
    runnerFolder,
    inputs: {
      port: `virtual:esp32?flash=${flash}`,
      "firmware-url": "firmware.bin",
      "lock-dir": path.join(runnerFolder, "locks"),
    },
    onOutput(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const shown of lines.flatMap(render)) console.log(shown);
    },
  });
  console.log("\n--- outputs ---");
  for (const [name, value] of Object.entries(result.outputs)) {
    console.log(`${name}=${value.length > LONGEST_OUTPUT ? `${value.slice(0, LONGEST_OUTPUT)}… (JSON)` : value}`);
  }
  console.log("\n--- job summary ---");
  console.log(result.summary);
  return result.exitCode ?? 1;
}

const runnerFolder = makeRunnerFolder();
try {
  const firmware = path.join(workspaceOf(runnerFolder), "firmware.bin");
  mkdirSync(path.dirname(firmware), { recursive: true });
  const made = spawnSync(process.execPath, [path.join(root, "dist", "demo-firmware.js"), firmware], {
    stdio: "inherit",
  });
  if (made.status !== 0) throw new Error("the demo firmware could not be made");
  process.exitCode = await showStep("A blank board is flashed", runnerFolder);
  if (process.exitCode === 0) {
    process.exitCode = await showStep(
      "The same again: the board holds it already, so nothing is written",
      runnerFolder,
    );
  }
} finally {
  rmSync(runnerFolder, { recursive: true, force: true });
}
