import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { describeOwner, jobIdentity, readOwner, writeOwner } from "../../src/ports/lock-owner.js";

const env = {
  GITHUB_REPOSITORY: "org/product",
  GITHUB_RUN_ID: "17",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_JOB: "flash",
  RUNNER_NAME: "bench-1",
};
const owner = { jobId: "org/product/17/2/flash/bench-1", title: "job flash", since: "2026-01-02T03:04:05.000Z" };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-owner-"));
  file = path.join(folder, "owner.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("steps of one job are one job; another attempt, leg or runner is another", () => {
  expect(jobIdentity(env)).toEqual({
    id: "org/product/17/2/flash/bench-1",
    title: "org/product, run 17, job flash, runner bench-1",
  });
  for (const name of Object.keys(env)) {
    expect(jobIdentity({ ...env, [name]: "9" }).id).not.toBe(jobIdentity(env).id);
  }
});

test("what the runner does not tell is left open; without a runner each process is a job", () => {
  expect(jobIdentity({ GITHUB_RUN_ID: "17" })).toEqual({
    id: "/17///",
    title: "unknown repository, run 17, job ?, runner ?",
  });
  const title = `process ${process.pid} on ${hostname()}`;
  expect(jobIdentity({ ...env, GITHUB_RUN_ID: "" })).toEqual({ id: title, title });
});

test("the note is read as it was written, also over a longer one", () => {
  expect(readOwner(file)).toBeUndefined();
  writeOwner(file, { ...owner, title: "a much longer title than the next one" });
  writeOwner(file, owner);
  expect(readOwner(file)).toEqual(owner);
});

test("a note that is half written or damaged is none", () => {
  for (const text of [
    "",
    '{"jobId": "a',
    "null",
    "7",
    "[]",
    '{"jobId":"a","title":"b"}',
    '{"jobId":"a","title":1,"since":"c"}',
  ]) {
    writeFileSync(file, text);
    expect(readOwner(file)).toBeUndefined();
  }
});

test("a waiter reads who has the board and since when", () => {
  expect(describeOwner(owner)).toBe("job flash, since 2026-01-02T03:04:05.000Z");
  expect(describeOwner(undefined)).toBe("a job that has not given its name");
});
