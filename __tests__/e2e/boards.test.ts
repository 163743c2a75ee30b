import { createHash } from "node:crypto";
import { readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../src/base/clock.js";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";
import { startPtyPeer, whyNoPty } from "../support/pty-peer.js";
import { untilLogged } from "../support/running-step.js";

const firmware = buildDemoFirmware(chips.esp32);

let action: BuiltAction;
beforeEach(() => {
  action = installBuiltAction();
  writeFileSync(path.join(action.workspace, "demo.bin"), firmware);
});
afterEach(() => action.end());

const file = (name: string): string => path.join(action.workspace, name);
const board = (name: string, more = ""): string =>
  `virtual:esp32?flash=${file(`${name}.flash`)}&stats=${file(`${name}.stats`)}${more}`;

interface BoardEntry {
  readonly name: string;
  readonly ok: boolean;
  readonly leftAlone: boolean;
  readonly error?: { readonly code: string; readonly message: string };
  readonly boot?: { readonly verdict: string };
}
const entries = ({ boards = "" }: Readonly<Record<string, string>>): BoardEntry[] => JSON.parse(boards) as BoardEntry[];
const codes = (outputs: Readonly<Record<string, string>>): string[] =>
  entries(outputs).map(({ error }) => error?.code ?? "");

interface Stats {
  readonly resets: number;
  readonly loaderEntries: number;
  readonly programmedBytes: number;
}
const stats = (name: string): Stats => JSON.parse(readFileSync(file(`${name}.stats`), "utf8")) as Stats;

test("of four boards one is dead and one another job's; the other two are flashed all the same", async () => {
  const holder = action.onRunner("bench-1").start({
    port: `${board("held")}&fault=silent`,
    "firmware-url": "demo.bin",
    "connect-attempts": "100",
    lock: "step",
  });
  await untilLogged(holder, "Connect to the board");
  const end = await action.onRunner("bench-2").run({
    port: [board("a"), board("dead", "&fault=silent"), board("held"), board("b")].join("\n"),
    "firmware-url": "demo.bin",
    "connect-attempts": "1",
    lock: "step",
    "lock-timeout": "2",
  });
  holder.child.kill("SIGKILL");
  await holder.finished;
  expect(end.exitCode).toBe(1);
  expect(codes(end.outputs)).toEqual(["", "connect/silent", "lock/timeout", ""]);
  for (const name of ["a", "b"]) {
    expect(
      readFileSync(file(`${name}.flash`))
        .subarray(0x1000, 0x1000 + firmware.length)
        .equals(firmware),
    ).toBe(true);
  }
  expect(end.log.match(/^::error /gm)).toHaveLength(2);
});

test("a board that restarts over and over after it was flashed fails the step with boot/loop and the reason", async () => {
  writeFileSync(file("app.script"), 'app *\n  print "starting"\n  wait 20ms\n  reset tg0-watchdog\n');
  const end = await action.run({
    port: board("a", `&script=${file("app.script")}`),
    "firmware-url": "demo.bin",
    "boot-check": "on",
  });
  expect(end.exitCode).toBe(1);
  expect(end.outputs).toMatchObject({ "error-code": "boot/loop", "boot-verdict": "boot-loop", verified: "true" });
  expect(end.log).toMatch(/^::error title=ESP32 flash%3A boot\/loop::The board restarted \d+ times: .*watchdog/m);
  expect(readFileSync(end.outputs["boot-log"] ?? "", "utf8")).toContain("starting");
});

test("heal: of four boards the unhealthy one is flashed, and no healthy one is reset more than once", async () => {
  const names = ["a", "b", "c", "d"];
  const inputs = { port: names.map((name) => board(name)).join("\n"), "firmware-url": "demo.bin" };
  await action.run(inputs);
  const flash = readFileSync(file("c.flash"));
  flash.fill(0, 0x11000, 0x12000);
  writeFileSync(file("c.flash"), flash);
  const before = names.map(stats);

  const end = await action.run({ ...inputs, "boot-check": "on", when: "unhealthy", settle: "1" });
  expect(end.exitCode).toBe(0);
  expect(entries(end.outputs).map(({ leftAlone }) => leftAlone)).toEqual([true, true, false, true]);
  expect(entries(end.outputs).map(({ boot }) => boot?.verdict)).toEqual(names.map(() => "running"));
  const grown = names.map(stats).map((after, index) => ({
    resets: after.resets - (before[index]?.resets ?? 0),
    loaderEntries: after.loaderEntries - (before[index]?.loaderEntries ?? 0),
    wrote: after.programmedBytes > (before[index]?.programmedBytes ?? 0),
  }));
  const untouched = { resets: 1, loaderEntries: 0, wrote: false };
  expect(grown).toEqual([untouched, untouched, { ...grown[2], wrote: true }, untouched]);
});

const withPtys = whyNoPty() === undefined ? test : test.skip;
withPtys("every: leads to all ports that fit its pattern", async () => {
  const peers = [await startPtyPeer(), await startPtyPeer()];
  try {
    peers.forEach(({ port }, index) => symlinkSync(port, file(`board-${index}`)));
    const end = await action.run({
      port: `every: ${file("board-*")}`,
      "firmware-url": "demo.bin",
      "connect-attempts": "1",
    });
    expect(codes(end.outputs)).toEqual(["connect/silent", "connect/silent"]);
    expect(new Set(entries(end.outputs).map(({ name }) => name)).size).toBe(2);
  } finally {
    for (const peer of peers) await peer.stop();
  }
});

withPtys("boards that are plugged in during the step stay with the job, all of them", async () => {
  const macs = ["24:6f:28:00:00:0a", "24:6f:28:00:00:0b"];
  const boards = macs.map((mac) =>
    createBoard(parseBoardOptions(`virtual:esp32?boot=download&mac=${mac}`), systemClock),
  );
  const peers = await Promise.all(boards.map((each) => startPtyPeer((bytes) => each.receive(bytes))));
  boards.forEach((each, index) => each.onData((bytes) => peers[index]?.send(bytes)));
  const job = action.onRunner("bench");
  try {
    const step = job.start({
      port: `virtual:esp32?boot=download\n${file("late-0")}\n${file("late-1")}`,
      "wait-for-port": "30",
      "firmware-url": "demo.bin",
      "dry-run": "true",
      before: "no-reset",
      after: "no-reset",
      baud: "115200",
    });
    await untilLogged(step, "virtual:esp32?boot=download: done");
    peers.forEach(({ port }, index) => symlinkSync(port, file(`late-${index}`)));
    const end = await step.finished;
    expect(codes(end.outputs)).toEqual(["", "", ""]);
    const kept = (JSON.parse(end.state["kept-boards"] ?? "[]") as { name: string }[]).map(({ name }) => name);
    const ports = peers.map(({ port }) => `port-${path.basename(realpathSync(port))}`);
    const wanted = [...ports, "mac-246f2800000a", "mac-246f2800000b"];
    expect(kept.sort()).toEqual(wanted.sort());
    await job.post(end);
  } finally {
    for (const peer of peers) await peer.stop();
    for (const each of boards) each.close();
  }
});

test("a board that stands behind one that is waited for is only lent, so that two jobs never wait for each other", async () => {
  const lockOrder = (name: string): string =>
    createHash("sha256")
      .update(file(`${name}.flash`))
      .digest("hex");
  const [front = "", behind = ""] = ["a", "b"].sort((one, other) => (lockOrder(one) < lockOrder(other) ? -1 : 1));
  const inputs = { "firmware-url": "demo.bin", "lock-timeout": "60" };
  const [one, other] = [action.onRunner("bench-1"), action.onRunner("bench-2")];

  const held = await one.run({ ...inputs, port: board(front) });
  const waiting = other.start({ ...inputs, port: `${board(behind)}\n${board(front)}` });
  await untilLogged(waiting, ": done");
  // The other job has done its second board and waits for the first: this one can take what the other does not work on.
  const taken = await one.run({ ...inputs, port: board(behind) });
  expect(taken.outputs["error-code"]).toBe("");
  await one.post(taken);
  await one.post(held);

  const end = await waiting.finished;
  expect(entries(end.outputs).map(({ ok }) => ok)).toEqual([true, true]);
  expect(end.log).toContain("another job had the board meanwhile");
  expect(end.log.match(/^::group::Compare with what the flash holds$/gm)).toHaveLength(1);
  expect(end.state["kept-boards"]).toBeDefined();
  await other.post(end);
});

test("a board that was waited for behind another one is only lent, too: three jobs never wait for each other", async () => {
  const lockOrder = (name: string): string =>
    createHash("sha256")
      .update(file(`${name}.flash`))
      .digest("hex");
  const [front = "", behind = ""] = ["a", "b"].sort((one, other) => (lockOrder(one) < lockOrder(other) ? -1 : 1));
  const inputs = { "firmware-url": "demo.bin", "lock-timeout": "60" };
  const [one, other, third] = ["bench-1", "bench-2", "bench-3"].map((name) => action.onRunner(name));
  if (!one || !other || !third) throw new Error("three jobs");
  const isHeld = "Waiting for the board: it is held by";

  const hasFront = await one.run({ ...inputs, port: board(front) });
  const hasBehind = await third.run({ ...inputs, port: board(behind) });
  const wantsBoth = other.start({ ...inputs, port: `${board(behind)}\n${board(front)}` });
  await untilLogged(wantsBoth, isHeld, 2);
  const wantsBehind = one.start({ ...inputs, port: board(behind) });
  await untilLogged(wantsBehind, isHeld);
  await third.post(hasBehind);

  const first = await wantsBehind.finished;
  expect(first.outputs["error-code"]).toBe("");
  await one.post(first);
  await one.post(hasFront);
  const last = await wantsBoth.finished;
  expect(entries(last.outputs).map(({ ok }) => ok)).toEqual([true, true]);
  await other.post(last);
});

test("a dozen boards at once leave no warning of Node in the log", async () => {
  const end = await action.onRunner("bench").run({
    port: Array.from({ length: 12 }, (_, index) => board(`board-${index}`)).join("\n"),
    "firmware-url": "demo.bin",
    "dry-run": "true",
    lock: "step",
  });
  expect(end).toMatchObject({ exitCode: 0 });
  expect(end.log).not.toContain("Warning:");
});
