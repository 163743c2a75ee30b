import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = ".github/workflows";
const workflows = readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), "utf8")] as const);

describe.each(workflows)("%s", (_, text) => {
  test("names other actions by commit, with the tag that the commit had", () => {
    const uses = [...text.matchAll(/uses: (.+)/g)].map(([, reference]) => reference);

    expect(uses.length).toBeGreaterThan(0);
    for (const reference of uses) expect(reference).toMatch(/^(\.\/[a-z]*|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
  });

  test("may read at most, except where a job asks for more", () => {
    expect(text).toMatch(/^permissions:( \{\}|\n {2}contents: read)\n/m);
    expect(text).not.toMatch(/-all\b/);
  });

  test("gives strangers' changes neither secrets nor a place in its scripts", () => {
    const scripts = [...text.matchAll(/^( *)(?:- )?run: ((?:.*)(?:\n\1 +.*)*)/gm)].map(([, , script]) => script ?? "");

    expect(text).not.toMatch(/pull_request_target|workflow_run|issue_comment|secrets\./);
    expect(scripts).toHaveLength(text.split("run: ").length - 1);
    for (const script of scripts) expect(script).not.toContain("${{");
  });
});

test("a job that runs packages of others holds no token and may change nothing", () => {
  const jobs = workflows
    .flatMap(([, text]) => text.split(/^ {2}(?=[\w-]+:\n)/m))
    .filter((job) => job.includes("npm ci"));

  expect(jobs.length).toBeGreaterThan(0);
  for (const job of jobs) {
    expect(job).toContain("persist-credentials: false");
    expect(job).not.toMatch(/: write\b/);
  }
});

test("what is attested is what the tag has, and was compared before with what was built", () => {
  const [, release = ""] = workflows.find(([name]) => name === "release.yml") ?? [];
  const [, publish = ""] = release.split(/^ {2}publish:/m);
  const subjects = Array.from(publish.matchAll(/subject-path:(.*(?:\n {12}.*)*)/g), ([, paths = ""]) =>
    paths.split("\n").map((line) => line.trim()),
  );

  expect(subjects).toHaveLength(2);
  expect(subjects.flat().filter((line) => !/^(tag\/\S+|\|?)$/.test(line))).toEqual([]);
  expect(publish.indexOf("diff --recursive release/dist tag/dist")).toBeGreaterThan(0);
  expect(publish.indexOf("diff --recursive")).toBeLessThan(publish.indexOf("uses: actions/attest@"));
});

test("examples and documents name the actions of others by commit, too", () => {
  const examples = readdirSync("examples").map((name) => path.join("examples", name));
  const texts = [...examples, "README.md", "docs/farm.md"].map((file) => readFileSync(file, "utf8"));
  const uses = texts.flatMap((text) =>
    Array.from(text.matchAll(/^ *(?:- )?uses: (?!org\/)(\S.*)$/gm), ([, name]) => name),
  );

  expect(uses.length).toBeGreaterThan(0);
  for (const reference of uses) expect(reference).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test("each commit stands for one tag only", () => {
  const tags = new Map<string, string>();
  for (const [, text] of workflows) {
    for (const [, reference = "", tag = ""] of text.matchAll(/uses: (\S+) # (\S+)/g)) {
      expect(tags.get(reference) ?? tag).toBe(tag);
      tags.set(reference, tag);
    }
  }
});
