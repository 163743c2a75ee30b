import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defaultLockDir, prepareLockDir, privateLockDir } from "../../src/ports/lock-dir.js";
import { openShared } from "../../src/ports/shared-file.js";
import { codeOf } from "../support/code-of.js";
import { thrownBy } from "../support/images.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "flash-lockdir-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const onUnix = process.platform === "win32" ? test.skip : test;

onUnix("the folder is where every user may write, and open to all whatever the umask is", () => {
  expect(defaultLockDir({}, root)).toBe(path.join(root, "tmp/esp32-flash-action"));
  mkdirSync(path.join(root, "run/lock"), { recursive: true });
  chmodSync(path.join(root, "run/lock"), 0o755);
  expect(defaultLockDir({}, root)).toBe(path.join(root, "tmp/esp32-flash-action"));
  chmodSync(path.join(root, "run/lock"), 0o1777);
  const folder = defaultLockDir({}, root);
  expect(folder).toBe(path.join(root, "run/lock/esp32-flash-action"));
  prepareLockDir(folder);
  prepareLockDir(folder);
  expect(statSync(folder).mode & 0o7777).toBe(0o777);
  writeFileSync(path.join(root, "file"), "");
  for (const mode of [0o644, 0o755]) {
    chmodSync(path.join(root, "file"), mode);
    expect(codeOf(() => prepareLockDir(path.join(root, "file")))).toBe("lock/unavailable");
  }
  expect(thrownBy(() => prepareLockDir(path.join(root, "file")))).toMatchObject({
    message: expect.stringMatching(`^\`lock-dir\` ${root}/file cannot be used: .*it is not a folder`) as string,
    details: { path: path.join(root, "file") },
  });
});

function setMounts(...lines: readonly string[]): void {
  mkdirSync(path.join(root, "proc/self"), { recursive: true });
  writeFileSync(path.join(root, "proc/self/mountinfo"), lines.map((line) => `${line}\n`).join(""));
}

const HOST_ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw";
const CONTAINER_ROOT = "500 400 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/a";

onUnix(
  "a folder that jobs outside do not see is told: in a container what was not mounted, elsewhere systemd's own /tmp",
  () => {
    expect(privateLockDir("/tmp/locks", root)).toBeUndefined();
    setMounts(HOST_ROOT, "30 22 0:25 / /run/lock rw - tmpfs tmpfs rw");
    expect(privateLockDir("/run/lock/x", root)).toBeUndefined();
    setMounts(HOST_ROOT, "77 22 8:1 /tmp/systemd-private-1-runner.service-x/tmp /tmp rw - ext4 /dev/sda1 rw");
    expect(privateLockDir("/tmp/x", root)).toContain("PrivateTmp");
    expect(privateLockDir("/tmpfiles/x", root)).toBeUndefined();

    writeFileSync(path.join(root, ".dockerenv"), "");
    setMounts(
      CONTAINER_ROOT,
      "501 500 8:1 /srv/locks /locks rw - ext4 /dev/sda1 rw",
      "502 500 0:60 / /run rw - tmpfs tmpfs rw",
    );
    expect(privateLockDir("/locks/a", root)).toBeUndefined();
    expect(privateLockDir("/locks", root)).toBeUndefined();
    expect(privateLockDir("/locksmith", root)).toContain("mount the host's folder");
    expect(privateLockDir("/tmp/a", root)).toContain("mount the host's folder");
    expect(privateLockDir("/run/lock/a", root)).toContain("mount the host's folder");
  },
);

onUnix("of several mounts above a folder the nearest counts, and of two at one place the later", () => {
  writeFileSync(path.join(root, ".dockerenv"), "");
  const own = "501 500 0:60 / /locks rw - tmpfs tmpfs rw";
  const host = "502 500 8:1 /srv/locks /locks rw shared:7 - ext4 /dev/sda1 rw";
  setMounts(own, host, CONTAINER_ROOT, "half a line");
  expect(privateLockDir("/locks/a", root)).toBeUndefined();
  setMounts(host, own, CONTAINER_ROOT);
  expect(privateLockDir("/locks/a", root)).toContain("mount the host's folder");
});

onUnix("a lock that is a link to nowhere is an error, not a wait without end", () => {
  const link = path.join(root, "usb-1-1.lock");
  symlinkSync(path.join(root, "missing", "file"), link);
  expect(() => openShared(link)).toThrow("ELOOP");
});
