import { homedir } from "node:os";
import { join } from "node:path";
import type { SignalSource } from "./cancel.js";

/** What a step needs of the process that it runs in. */
export interface Host extends SignalSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  exitCode?: number | string | null | undefined;
  cwd(): string;
  exit(code: number): void;
}

/** Notes about boards and unfinished work outlive the job: the tool cache stays on a self-hosted runner. */
export function notesDirectory(env: Host["env"], kind: "boards" | "ports" | "deflated"): string {
  const cacheRoot = env.RUNNER_TOOL_CACHE ?? "";
  return join(cacheRoot === "" ? join(homedir(), ".cache") : cacheRoot, "esp32-flash-action", kind);
}

/** The runner names the API of its own GitHub, which may be an Enterprise Server. */
export function githubApiUrl(env: Host["env"]): string {
  const apiUrl = env.GITHUB_API_URL ?? "";
  return apiUrl === "" ? "https://api.github.com" : apiUrl.replace(/\/+$/, "");
}
