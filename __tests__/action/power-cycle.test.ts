import { runPowerCycle } from "../../src/action/power-cycle.js";
import { systemClock } from "../../src/base/clock.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { sleep } from "../../src/base/clock.js";

const node = process.execPath;
const deps = { clock: systemClock, signal: new AbortController().signal };

test("a command that works, and one that says why it did not", async () => {
  expect(await runPowerCycle([node, "-e", ""], deps)).toBe(`switched the power by ${node}`);
  const failing = await runPowerCycle([node, "-e", "console.error('no such hub'); process.exitCode = 3"], deps);
  expect(failing).toBe(`${node} to switch the power ended with 3: no such hub`);
});

test("no shell has a look at its arguments", async () => {
  const code = "if (process.argv[1] !== '$HOME; exit 1') process.exitCode = 1";
  expect(await runPowerCycle([node, "-e", code, "$HOME; exit 1"], deps)).toContain("switched the power");
});

test("a command that is not there is told, not thrown", async () => {
  // By its whole path: among the folders of PATH may be one that cannot be looked into.
  expect(await runPowerCycle(["/nonexistent/hub-switch"], deps)).toMatch(/could not be run \(.*ENOENT/);
});

test("a command that hangs is stopped", async () => {
  const clock = new VirtualClock();
  const told = runPowerCycle([node, "-e", "setInterval(() => {}, 1000)"], { ...deps, clock });
  await clock.run(sleep(clock, 30_000));
  expect(await told).toMatch(/did not end within 30/);
});

test("a cancelled step does not wait for it", async () => {
  const controller = new AbortController();
  const told = runPowerCycle([node, "-e", "setInterval(() => {}, 1000)"], { ...deps, signal: controller.signal });
  controller.abort(new Error("cancelled"));
  await expect(told).rejects.toThrow("cancelled");
});
