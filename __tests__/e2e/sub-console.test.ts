import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";
import { serveVirtualBoard } from "../support/served-board.js";
import type { ServedBoard } from "../support/served-board.js";

const IDLE = { dtr: false, rts: false };
/** The verdict comes as soon as it can. */
const soon = { "boot-check": "on", "boot-timeout": "5", settle: "0" };

let action: BuiltAction;
let served: ServedBoard | undefined;
beforeEach(() => {
  action = installBuiltAction();
});
afterEach(async () => {
  await served?.end();
  served = undefined;
  action.end();
});

const file = (name: string): string => path.join(action.workspace, name);

/** A board whose app does what the script says, at once, on every boot. */
function scripted(script: string, chip: "esp32" | "esp32c3" = "esp32"): string {
  const flash = new Uint8Array(0x400000).fill(0xff);
  flash.set(buildDemoFirmware(chips[chip]), chips[chip].bootloaderOffset);
  writeFileSync(file("board.flash"), flash);
  writeFileSync(file("script"), `app *\n${script}\n`);
  return `virtual:${chip}?flash=${file("board.flash")}&script=${file("script")}&stats=${file("stats")}`;
}
const stats = (): Readonly<Record<string, number>> =>
  JSON.parse(readFileSync(file("stats"), "utf8")) as Readonly<Record<string, number>>;

describe("reset", () => {
  test("starts the firmware without its loader, and says how it booted", async () => {
    const end = await action.sub("reset").run({ port: scripted('print "ready"'), expect: "ready", ...soon });
    expect(end.log).not.toContain("::error");
    expect(end.outputs).toMatchObject({ "boot-verdict": "running", "error-code": "" });
    expect(JSON.parse(end.outputs.boot ?? "")).toMatchObject({ verdict: "running", matched: ["ready"], missing: [] });
    expect(readFileSync(end.outputs["boot-log"] ?? "", "utf8")).toMatch(/^ +\d+\.\d{3} ready$/m);
    expect(end.summary).toContain("running");
    expect(stats()).toMatchObject({ resets: 1, loaderEntries: 0 });
  });

  test("fails where the app panics, and keeps quiet about it with `boot-check: off`", async () => {
    const port = scripted('panic "LoadProhibited"');
    const watched = await action.sub("reset").run({ port, ...soon, settle: "1" });
    expect({ exitCode: watched.exitCode, code: watched.outputs["error-code"] }).toEqual({
      exitCode: 1,
      code: "boot/panic",
    });
    expect(watched.outputs["boot-verdict"]).toBe("panic");
    const unwatched = await action.sub("reset").run({ port, "boot-check": "off" });
    expect(unwatched.outputs).toMatchObject({ "boot-verdict": "", "boot-log": "", "error-code": "" });
  });

  test.each([
    ["usb", {}],
    // These steps would hold the chip in reset.
    ["sequence", { "reset-sequence": "D0|R1|W0.05" }],
  ])("by `method: %s`: the board runs, and its lines are idle", async (method, more) => {
    served = await serveVirtualBoard(scripted('print "ready"'));
    const { resets } = served.board.counters;
    const end = await action.sub("reset").run({ port: served.port, method, expect: "ready", ...soon, ...more });
    expect(end.outputs).toMatchObject({ "boot-verdict": "running", "error-code": "" });
    expect(served.board.counters.resets).toBe(resets + 1);
    await served.untilLeft();
    expect(served.lines()).toEqual(IDLE);
  });

  test("by its power, and a command that fails is an error", async () => {
    const port = scripted('print "ready"');
    const node = JSON.stringify(process.execPath);
    const done = file("switched");
    const command = `${node} -e "require('fs').writeFileSync(process.argv[1], '')" ${JSON.stringify(done)}`;
    const inputs = { port, method: "power-cycle", "boot-check": "off" };
    const end = await action.sub("reset").run({ ...inputs, "power-cycle": command });
    expect(end.outputs["error-code"]).toBe("");
    expect(readFileSync(done, "utf8")).toBe("");
    const failed = await action.sub("reset").run({ ...inputs, "power-cycle": `${node} -e "process.exit(3)"` });
    expect(failed.outputs["error-code"]).toBe("port/power-cycle");
    const without = await action.sub("reset").run(inputs);
    expect(without.outputs["error-code"]).toBe("input/conflict");
  });

  test("by its watchdog, out of a loader that waits", async () => {
    served = await serveVirtualBoard(scripted('print "ready"', "esp32c3"));
    const { port, board } = served;
    const job = action.onRunner("bench");
    const left = await job.sub("info").run({ port, after: "no-reset" });
    expect({ code: left.outputs["error-code"], inLoader: board.inDownloadMode }).toEqual({ code: "", inLoader: true });
    const end = await job.sub("reset").run({ port, method: "watchdog", expect: "ready", ...soon });
    expect(end.outputs).toMatchObject({ "boot-verdict": "running", "error-code": "" });
    expect(board.inDownloadMode).toBe(false);
    await job.post(left);
  });
});

describe("monitor", () => {
  test("listens until the last line of `expect` came, and resets nothing", async () => {
    served = await serveVirtualBoard(scripted('print "ready"\non "version?" print "version 1.4.2"'));
    const { resets } = served.board.counters;
    const end = await action
      .sub("monitor")
      .run({ port: served.port, send: "version?", expect: "/version \\d+\\.\\d+/", "listen-timeout": "10" });
    expect(end.outputs).toMatchObject({
      verdict: "matched",
      matched: JSON.stringify(["/version \\d+\\.\\d+/"]),
      missing: "[]",
      "bad-line": "",
      "error-code": "",
    });
    expect(readFileSync(end.outputs.log ?? "", "utf8")).toContain("version 1.4.2");
    expect(end.log).toContain("version 1.4.2");
    expect(served.board.counters.resets).toBe(resets);
    await served.untilLeft();
    expect(served.lines()).toEqual(IDLE);
  });

  test("with `reset`, speaks when the app is up", async () => {
    const end = await action.sub("monitor").run({
      port: scripted('wait 300ms\nprint "ready"\non "version?" print "1.4.2"'),
      reset: "true",
      send: "version?",
      expect: "ready\n1.4.2",
      "listen-timeout": "10",
    });
    expect(end.outputs).toMatchObject({ verdict: "matched", "error-code": "" });
    expect(stats()).toMatchObject({ resets: 1, loaderEntries: 0 });
  });

  test.each([
    ["what does not come", { expect: "ready\nsteady", "listen-timeout": "1" }, "missing", "boot/expect"],
    ["a line of `fail-on`", { expect: "steady", "fail-on": "ready", "listen-timeout": "10" }, "bad-line", "boot/panic"],
    ["time that is not there", { "listen-timeout": "600" }, "", "input/conflict"],
  ])("fails for %s", async (_, inputs, verdict, code) => {
    const end = await action.sub("monitor").run({ port: scripted('print "ready"'), reset: "true", ...inputs });
    expect({ verdict: end.outputs.verdict, code: end.outputs["error-code"], exitCode: end.exitCode }).toEqual({
      verdict,
      code,
      exitCode: 1,
    });
  });

  test("without `expect`, listens for its time", async () => {
    const end = await action.sub("monitor").run({ port: scripted('print "ready"'), "listen-timeout": "1" });
    expect(end.outputs).toMatchObject({ verdict: "listened", "error-code": "" });
    expect(Number(end.outputs.lines)).toBeGreaterThan(5);
  });
});
