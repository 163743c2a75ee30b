import { readFileSync } from "node:fs";

interface LockedPackage {
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
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

test("every package has its digest, but for addons of tools on other platforms, which are not in every registry", () => {
  const packages = Object.entries(lock.packages).filter(([key]) => key !== "");
  const without = packages.filter(([, { integrity }]) => integrity === undefined);

  expect(packages.length).toBeGreaterThan(without.length);
  expect(without.filter(([, { dev, optional }]) => dev !== true || optional !== true)).toEqual([]);
});

test("what is shipped, and what CI builds it with, has a digest of SHA-512", () => {
  const needed = Object.values(lock.packages).filter(({ integrity, optional }) => integrity !== undefined && !optional);

  expect(needed.length).toBeGreaterThan(0);
  for (const { integrity } of needed) expect(integrity).toMatch(/^sha512-/);
});

test("the packages that are asked for are asked for by exact version", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Record<
    "dependencies" | "devDependencies",
    Readonly<Record<string, string>>
  >;

  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
