import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import type { ErrorCode } from "../../src/base/errors.js";
import { FlashError } from "../../src/base/errors.js";
import { explainPortError } from "../../src/ports/explain.js";
import { findPortHolders } from "../../src/ports/port-holders.js";

const onLinux = process.platform === "linux" ? describe : describe.skip;

let root: string;
let port: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "flash-explain-"));
  port = path.join(root, "ttyUSB0");
  writeFileSync(port, "");
  mkdirSync(path.join(root, "proc"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function addProcess(pid: number, command: readonly string[], open: readonly string[]): void {
  const folder = path.join(root, "proc", String(pid));
  mkdirSync(path.join(folder, "fd"), { recursive: true });
  writeFileSync(path.join(folder, "cmdline"), command.map((part) => `${part}\0`).join(""));
  open.forEach((file, index) => symlinkSync(file, path.join(folder, "fd", String(index))));
}

async function explained(code: ErrorCode, at = port): Promise<string> {
  const error = await explainPortError(new FlashError(code, "what happened", { port: at }), at, root);
  expect(error.code).toBe(code);
  expect(error.details).toEqual({ port: at });
  return error.message;
}

onLinux("a port that another process has open", () => {
  test("the holder is named, by number and command; whoever has another port open is not", async () => {
    addProcess(4711, ["picocom", "-b", "115200", "/dev/board"], ["/dev/null", port]);
    addProcess(12, ["cat"], ["/dev/null", "/dev/ttyUSB1"]);
    writeFileSync(path.join(root, "proc", "uptime"), "1 1");
    expect(await explained("port/busy")).toBe(
      "what happened; it is open in process 4711 (picocom -b 115200 /dev/board)",
    );
  });

  test.each([
    ["/usr/sbin/ModemManager", "systemctl disable --now ModemManager"],
    ["/usr/bin/brltty", "apt-get remove brltty"],
  ])("%s is known, and how it is kept off", async (command, remedy) => {
    addProcess(99, [command], [port]);
    expect(await explained("port/busy")).toContain(remedy);
  });

  test("a holder that cannot be seen is not passed over in silence", async () => {
    expect(await explained("port/busy")).toContain("another user or container");
  });

  test("a real process is found through the real /proc, also by a link to the port", async () => {
    const link = path.join(root, "by-id");
    symlinkSync(port, link);
    const fd = openSync(port, "r");
    const holders = await findPortHolders(link);
    closeSync(fd);
    expect(holders.map(({ pid }) => pid)).toEqual([process.pid]);
    expect(holders[0]?.command).toContain("node");
  });
});

onLinux("a port that may not be opened", () => {
  const setGroups = (line: string): void => {
    mkdirSync(path.join(root, "etc"));
    writeFileSync(path.join(root, "etc/group"), `root:x:9999:\n${line}\n`);
  };

  test("the group that is missing is named, with the line that mends it", async () => {
    const { gid } = statSync(port);
    setGroups(`dialout:x:${gid}:`);
    chmodSync(port, 0o660);
    const message = await explained("port/permission");
    const isMember = process.getgroups?.().includes(gid) ?? false;
    if (isMember) expect(message).toContain("in group dialout as it must be");
    else expect(message).toContain(`sudo usermod -aG dialout ${userInfo().username}`);
  });

  test("a mode that shuts the group out is named", async () => {
    setGroups(`dialout:x:${statSync(port).gid}:`);
    chmodSync(port, 0o600);
    expect(await explained("port/permission")).toContain("its mode is 600, so that not even group dialout may use it");
  });

  test("in a container, the options of its start are named", async () => {
    writeFileSync(path.join(root, ".dockerenv"), "");
    expect(await explained("port/permission")).toContain(`--device ${port} --group-add ${statSync(port).gid}`);
    expect(await explained("port/not-found", "/dev/ttyUSB7")).toContain("--device /dev/ttyUSB7");
  });
});

test("any other error is left as it is", async () => {
  expect(await explained("port/lost")).toBe("what happened");
  expect(await explained("port/not-found")).toBe("what happened");
});
