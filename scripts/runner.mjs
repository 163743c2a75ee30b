/**
 * Starts a built action as GitHub's runner does, with built-ins only (actions/runner 258d6c8: `NodeScriptActionHandler.cs`,
 * `Handler.cs`, `FileCommandManager.cs`, `GitHubContext.cs`): all declared inputs as `INPUT_…`, the `RUNNER_…` and `GITHUB_…`
 * variables, fresh command files, the workspace as working directory, and nothing on stdin.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readActionFile } from "./action-file.mjs";

/**
 * @typedef {object} StepOptions
 * @property {string} actionFolder Where `action.yml` lies.
 * @property {Record<string, string>} [inputs] What a workflow writes below `with:`.
 * @property {string} runnerFolder Holds workspace, tool cache and temporary files; two steps that share it run on one runner.
 * @property {boolean} [debug] Step debug logging is on.
 * @property {Record<string, string>} [env] Further variables, as `env:` sets them; `undefined` ones are not set.
 * @property {string} [node] The Node that runs it.
 * @property {Record<string, string>} [postOf] State that a step has saved: then its `post` step is run.
 * @property {(text: string) => void} [onOutput] Gets stdout and stderr as they come.
 */

/**
 * @typedef {object} StepResult
 * @property {number | null} exitCode
 * @property {NodeJS.Signals | null} signal
 * @property {string} log Stdout and stderr.
 * @property {Record<string, string>} outputs
 * @property {Record<string, string>} state
 * @property {string} summary Markdown.
 * @property {string} environment What it set for later steps: the files of GITHUB_ENV and GITHUB_PATH.
 * @property {number} durationMs
 */

const systems = { linux: "Linux", darwin: "macOS", win32: "Windows" };
const architectures = { x64: "X64", arm64: "ARM64", arm: "ARM", ia32: "X86" };
const commandFiles = ["OUTPUT", "STATE", "ENV", "PATH", "STEP_SUMMARY"];

/** A folder for a new runner, with what the runner makes in it. @returns {string} */
export function makeRunnerFolder() {
  return mkdtempSync(path.join(tmpdir(), "runner-"));
}

/** @param {string} runnerFolder The workspace of its jobs. @returns {string} */
export function workspaceOf(runnerFolder) {
  return path.join(runnerFolder, "work", "repository", "repository");
}

/** Variables of the machine that a step gets; not those that change how Node runs. @returns {NodeJS.ProcessEnv} */
export function passedOn() {
  const names = ["PATH", "HOME", "LANG", "SystemRoot", "USERPROFILE", "TMPDIR", "TEMP", "TMP"];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** @param {StepOptions} options @param {string} files @returns {NodeJS.ProcessEnv} */
function stepEnvironment(options, files) {
  const { runnerFolder } = options;
  const declared = readActionFile(options.actionFolder).inputs;
  const inputs = Object.entries({ ...declared, ...options.inputs });
  return {
    ...passedOn(),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION: "__self",
    GITHUB_JOB: "flash",
    GITHUB_REPOSITORY: "owner/repository",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_RUN_ID: "1",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_WORKSPACE: workspaceOf(runnerFolder),
    RUNNER_ARCH: architectures[/** @type {keyof typeof architectures} */ (process.arch)],
    RUNNER_ENVIRONMENT: "self-hosted",
    RUNNER_NAME: "emulated",
    RUNNER_OS: systems[/** @type {keyof typeof systems} */ (process.platform)],
    RUNNER_TEMP: path.join(runnerFolder, "work", "_temp"),
    RUNNER_TOOL_CACHE: path.join(runnerFolder, "work", "_tool"),
    RUNNER_WORKSPACE: path.dirname(workspaceOf(runnerFolder)),
    ...(options.debug ? { RUNNER_DEBUG: "1" } : {}),
    ...Object.fromEntries(commandFiles.map((name) => [`GITHUB_${name}`, path.join(files, name.toLowerCase())])),
    ...Object.fromEntries(Object.entries(options.postOf ?? {}).map(([name, value]) => [`STATE_${name}`, value])),
    ...options.env,
    ...Object.fromEntries(inputs.map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value])),
  };
}

/**
 * Name and value pairs of a command file: `name=value`, or `name<<MARK`, lines, `MARK`.
 * @param {string} text @returns {Record<string, string>}
 */
function parsePairs(text) {
  /** @type {Record<string, string>} */
  const pairs = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line === "") continue;
    const [, name = "", operator = "", rest = ""] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === "") throw new Error(`not a line of a command file: ${line}`);
    if (operator === "=") {
      pairs[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (end < 0) throw new Error(`a command file has no end mark ${rest}`);
    pairs[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return pairs;
}

/**
 * Starts a step and returns at once, with the process to send signals to, and with what it has said so far.
 * @param {StepOptions} options
 * @returns {{
 *   child: import("node:child_process").ChildProcess, startedMs: number, log: () => string, finished: Promise<StepResult>,
 * }}
 */
export function startStep(options) {
  const workspace = workspaceOf(options.runnerFolder);
  const temp = path.join(options.runnerFolder, "work", "_temp");
  for (const folder of [workspace, temp, path.join(options.runnerFolder, "work", "_tool")]) {
    mkdirSync(folder, { recursive: true });
  }
  const files = mkdtempSync(path.join(temp, "_runner_file_commands-"));
  for (const name of commandFiles) writeFileSync(path.join(files, name.toLowerCase()), "");

  const { main, post } = readActionFile(options.actionFolder);
  const entry = path.join(options.actionFolder, options.postOf ? post : main);
  const env = stepEnvironment(options, files);
  const startedMs = performance.now();
  const child = spawn(options.node ?? process.execPath, [entry], {
    cwd: workspace,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const take = (/** @type {string} */ text) => {
    log += text;
    options.onOutput?.(text);
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);

  /** @type {Promise<StepResult>} */
  const finished = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      const durationMs = performance.now() - startedMs;
      const read = (/** @type {string} */ name) => readFileSync(path.join(files, name), "utf8");
      const [outputs, state, summary] = [parsePairs(read("output")), parsePairs(read("state")), read("step_summary")];
      const environment = read("env") + read("path");
      rmSync(files, { recursive: true });
      resolve({ exitCode, signal, log, outputs, state, summary, environment, durationMs });
    });
  });
  return { child, startedMs, log: () => log, finished };
}

/** Runs a step to its end. @param {StepOptions} options @returns {Promise<StepResult>} */
export function runStep(options) {
  return startStep(options).finished;
}
