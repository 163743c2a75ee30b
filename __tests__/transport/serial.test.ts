import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../src/base/clock.js";
import type { Clock } from "../../src/base/clock.js";
import { openSerial } from "../../src/transport/serial.js";
import { meansNoLines, openError } from "../../src/transport/serial-errors.js";
import { readUsbIds } from "../../src/transport/serial-usb.js";
import { startPtyPeer, whyNoPty } from "../support/pty-peer.js";

const onUnix = process.platform === "win32" ? test.skip : test;
const onPty = whyNoPty() ? test.skip : test;
let directory = "";

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "serial-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("a path that cannot be opened", () => {
  onUnix("that is missing names the boards beside it", async () => {
    writeFileSync(path.join(directory, "ttyUSB1"), "");
    writeFileSync(path.join(directory, "tty1"), "");
    const opening = openSerial(path.join(directory, "ttyUSB0"), 115_200, { clock: systemClock });

    await expect(opening).rejects.toMatchObject({ code: "port/not-found" });
    await expect(opening).rejects.toThrow(/ttyUSB0; present: \S+ttyUSB1$/);
  });

  onUnix.each([
    ["a directory", (): string => directory],
    ["a regular file", (): string => path.join(directory, "file")],
    ["a device that is no port", (): string => "/dev/null"],
  ])("as it is %s", async (_, port) => {
    writeFileSync(path.join(directory, "file"), "");

    await expect(openSerial(port(), 115_200, { clock: systemClock })).rejects.toMatchObject({
      code: "port/not-serial",
    });
  });

  test.each([0, -5, 115_200.5, Number.NaN])("at %d baud", async (baud) => {
    await expect(openSerial("/dev/ttyUSB0", baud, { clock: systemClock })).rejects.toMatchObject({
      code: "input/invalid",
    });
  });
});

// Wordings of bindings-cpp 13.0.0 on Linux, macOS and Windows.
test.each([
  ["Error: No such file or directory, cannot open /dev/ttyUSB0", "port/not-found"],
  ["Opening COM7: File not found", "port/not-found"],
  ["Error: Permission denied, cannot open /dev/ttyUSB0", "port/permission"],
  ["Error Resource temporarily unavailable Cannot lock port", "port/busy"],
  ["Error: Device or resource busy, cannot open /dev/ttyUSB0", "port/busy"],
  ["Opening COM3: Access denied", "port/busy"],
  ["Error: Inappropriate ioctl for device setting custom baud rate of 115200", "port/not-serial"],
  ["Error: Too many open files, cannot open /dev/ttyUSB0", "port/open-failed"],
])("the addon's words “%s” become %s and stay in the message", (words, code) => {
  const error = openError("/dev/ttyUSB0", new Error(words));

  expect(error.code).toBe(code);
  expect(error.message).toContain(words.replace(/^Error:? /, ""));
});

test.each([
  ["Error: Inappropriate ioctl for device, cannot set", true],
  ["Error: Invalid argument, cannot set", true],
  ["TIOCMGET fails with ENOTTY", true],
  ["Error: Input/output error, cannot set", false],
])("“%s” means that there are no lines: %s", (words, noLines) => {
  expect(meansNoLines(new Error(words))).toBe(noLines);
});

describe("USB ids", () => {
  function makeSysfs(below: string): string {
    const usbDevice = path.join(directory, "devices", "1-2");
    const tty = path.join(usbDevice, below);
    mkdirSync(tty, { recursive: true });
    mkdirSync(path.join(directory, "class", "tty", "ttyUSB0"), { recursive: true });
    symlinkSync(tty, path.join(directory, "class", "tty", "ttyUSB0", "device"));
    writeFileSync(path.join(usbDevice, "idVendor"), "10c4\n");
    writeFileSync(path.join(usbDevice, "idProduct"), "ea60\n");
    writeFileSync(path.join(directory, "ttyUSB0"), "");
    symlinkSync("ttyUSB0", path.join(directory, "by-id"));
    return path.join(directory, "by-id");
  }

  onUnix.each(["1-2:1.0/ttyUSB0", "1-2:1.0"])("are read from the device above %s", async (below) => {
    const port = makeSysfs(below);

    expect(await readUsbIds(port, directory)).toEqual({ vendorId: 0x10c4, productId: 0xea60 });
  });

  test("are unknown where the system does not tell them", async () => {
    expect(await readUsbIds(path.join(directory, "missing"), directory)).toBeUndefined();
  });
});

describe("a pty", () => {
  let peer: Awaited<ReturnType<typeof startPtyPeer>>;

  beforeEach(async () => {
    if (!whyNoPty()) peer = await startPtyPeer();
  });

  afterEach(async () => {
    if (!whyNoPty()) await peer.stop();
  });

  onPty("that is open already is busy, and free again after close", async () => {
    const first = await openSerial(peer.port, 115_200, { clock: systemClock });
    await expect(openSerial(peer.port, 115_200, { clock: systemClock })).rejects.toMatchObject({ code: "port/busy" });
    await first.close();
    const second = await openSerial(peer.port, 115_200, { clock: systemClock });
    await second.close();
  });

  onPty("has a rate and no control lines", async () => {
    const transport = await openSerial(peer.port, 115_200, { clock: systemClock });

    expect(transport.capabilities).toMatchObject({ controlLines: false, baudRate: true });
    await expect(transport.setBaudRate(0)).rejects.toMatchObject({ code: "input/invalid" });
    await transport.setBaudRate(1_234_567);
    await transport.close();
  });

  onPty("fails writes that are still waiting as soon as it is gone", async () => {
    const transport = await openSerial(peer.port, 115_200, { clock: systemClock });
    const writes = Array.from({ length: 64 }, () => transport.write(new Uint8Array(65_536)));
    const outcomes = Promise.allSettled(writes);
    await peer.hangUp();

    expect((await outcomes).at(-1)).toMatchObject({ status: "rejected", reason: { code: "port/lost" } });
    await transport.close();
  });

  onPty("that takes nothing any more is lost after a while, for writes and for a change of the rate", async () => {
    // Only waits that long are cut short.
    const impatient: Clock = {
      ...systemClock,
      schedule: (delayMs, callback) => systemClock.schedule(delayMs >= 10_000 ? 100 : delayMs, callback),
    };
    const transport = await openSerial(peer.port, 115_200, { clock: impatient });
    const closed = new Promise((resolve) => transport.subscribe({ data: () => undefined, closed: resolve }));
    peer.stall();

    await expect(transport.write(new Uint8Array(1_000_000))).rejects.toMatchObject({ code: "port/lost" });
    expect(await closed).toMatchObject({ code: "port/lost" });
    await expect(transport.setBaudRate(9600)).rejects.toMatchObject({ code: "port/lost" });
    await transport.close();
  });

  onPty("that takes nothing any more can be closed, which ends the writes", async () => {
    const transport = await openSerial(peer.port, 115_200, { clock: systemClock });
    peer.stall();
    const write = transport.write(new Uint8Array(1_000_000));
    const outcome = Promise.allSettled([write]);
    await transport.close();

    expect(await outcome).toMatchObject([{ status: "rejected", reason: { code: "port/lost" } }]);
  });
});
