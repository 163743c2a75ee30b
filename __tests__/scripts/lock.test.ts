import { readFileSync } from "node:fs";

interface LockedPackage {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, LockedPackage> };

test("the lock file has the packages of every platform, without which `npm ci` refuses to begin", () => {
  const named = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  const missing = named.filter(
    (name) => !Object.keys(lock.packages).some((key) => key.endsWith(`node_modules/${name}`)),
  );

  expect(missing).toEqual([]);
});

test("the lock file names no registry", () => {
  const resolved = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);

  expect(resolved).toEqual([]);
});
