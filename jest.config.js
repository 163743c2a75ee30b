/** ES modules need `--experimental-vm-modules`, which the npm scripts set. */
export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  transform: {
    "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "es6" } }],
  },
  // Serial addons and worker processes leave no handles behind; a test that does hangs here and is seen. It is the only
  // thing that this limit is for: a machine ten times slower than usual has to pass.
  testTimeout: 120_000,
  maxWorkers: 2,
  coverageProvider: "babel",
  collectCoverageFrom: ["src/**/*.ts", "!src/main.ts"],
};
