import { hostname } from "node:os";
import { readNote } from "../files/plain-file.js";
import { writeShared } from "./shared-file.js";

/** Which job works here. Steps of one job have the same `id`. */
export interface JobIdentity {
  readonly id: string;
  /** For a person: `org/repo, run 17, job flash, runner bench-1`. */
  readonly title: string;
}

/** Who holds a board, as it stands beside the lock. */
export interface LockOwner {
  readonly jobId: string;
  readonly title: string;
  /** When the board was taken: ISO 8601, UTC. */
  readonly since: string;
}

/**
 * The job that the runner's variables describe. A runner has one job at a time, so its name tells the legs of a matrix
 * apart. Without a runner, each process is a job of its own.
 */
export function jobIdentity(env: Readonly<Record<string, string | undefined>>): JobIdentity {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_JOB: job, RUNNER_NAME: runner } = env;
  if (!run) {
    const title = `process ${process.pid} on ${hostname()}`;
    return { id: title, title };
  }
  const parts = [repository, run, env.GITHUB_RUN_ATTEMPT, job, runner];
  return { id: parts.map((part) => part ?? "").join("/"), title: titleOf(repository, run, job, runner) };
}

function titleOf(repository = "unknown repository", run: string, job = "?", runner = "?"): string {
  return `${repository}, run ${run}, job ${job}, runner ${runner}`;
}

/** One sentence part for a waiter's log. */
export function describeOwner(owner: LockOwner | undefined): string {
  return owner === undefined ? "a job that has not given its name" : `${owner.title}, since ${owner.since}`;
}

/** Names of repository, job and runner have some hundred characters each; what is longer would only fill logs. */
const LONGEST_OWNER_BYTES = 4096;

/** What stands at `path`; `undefined` where nothing does, or where it is just being written. */
export function readOwner(path: string): LockOwner | undefined {
  try {
    const owner: unknown = JSON.parse(readNote(path, LONGEST_OWNER_BYTES));
    return isOwner(owner) ? owner : undefined;
  } catch {
    // A note is a courtesy to waiters: the lock itself does not depend on it.
    return undefined;
  }
}

/** Only whoever holds the lock may write. Throws what the system throws. */
export function writeOwner(path: string, owner: LockOwner): void {
  writeShared(path, JSON.stringify(owner));
}

function isOwner(value: unknown): value is LockOwner {
  const owner = value as Partial<LockOwner> | null;
  return [owner?.jobId, owner?.title, owner?.since].every((part) => typeof part === "string");
}
