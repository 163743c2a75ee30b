import { spawn } from "node:child_process";
import type { Clock } from "../base/clock.js";
import { formatDuration } from "./format.js";

/** Hubs are switched within seconds; a command that asks for a password would wait for ever. */
const COMMAND_TIMEOUT_MS = 30_000;
const LONGEST_SAID = 200;

interface PowerDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** How switching the power went, and that in words. */
export interface PowerSwitch {
  readonly worked: boolean;
  readonly text: string;
}

/** As `switchPower`, in words only. */
export async function runPowerCycle(command: readonly [string, ...string[]], deps: PowerDeps): Promise<string> {
  return (await switchPower(command, deps)).text;
}

/**
 * Runs the command of `power-cycle`, without a shell, and tells how that went; a command that fails is told, too. Rejects
 * with the signal's reason only.
 */
export async function switchPower(
  [program, ...args]: readonly [string, ...string[]],
  { clock, signal }: PowerDeps,
): Promise<PowerSwitch> {
  signal.throwIfAborted();
  let said = "";
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], shell: false, env: envOfProgram() });
  const stop = (): void => void child.kill("SIGKILL");
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-LONGEST_SAID);
    });
  }
  signal.addEventListener("abort", stop, { once: true });
  let cancel = (): void => undefined;
  const end = await new Promise<string>((resolve) => {
    cancel = clock.schedule(COMMAND_TIMEOUT_MS, () => {
      resolve(`did not end within ${formatDuration(COMMAND_TIMEOUT_MS)}`);
      stop();
    });
    child.once("error", (error) => resolve(`could not be run (${error.message})`));
    // What it started may keep its output open.
    child.once("exit", (code, killedBy) => resolve(`ended with ${code ?? killedBy ?? "nothing"}`));
  });
  cancel();
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (end === "ended with 0") return { worked: true, text: `switched the power by ${program}` };
  return {
    worked: false,
    text: `${program} to switch the power ${end}${said.trim() === "" ? "" : `: ${said.trim()}`}`,
  };
}

/**
 * What the runner gives to an action alone: its inputs with the token, its state, the runner's own tokens, and the files by
 * which it speaks to the runner. None of it is the business of a program that switches a hub.
 */
const OF_THE_ACTION = /^(INPUT|STATE|ACTIONS)_|^GITHUB_(OUTPUT|STATE|ENV|PATH|STEP_SUMMARY)$/i;

function envOfProgram(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THE_ACTION.test(name)));
}
