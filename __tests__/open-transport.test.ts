import { toFlashError } from "../src/base/errors.js";
import { checkPort } from "../src/open-transport.js";

const onUnix = process.platform === "win32" ? test.skip : test;

test.each([
  "tcp://10.0.0.7:5000",
  "tcp://[::1]:5000",
  "TCP://host:1",
  "rfc2217://host:1",
  "rfc2217://[::1]:4000?ign_set_control&timeout=20",
  "virtual:esp32",
  "virtual:esp32?flash=/a/b.bin&mac=1",
])("%s is a port", (port) => {
  expect(() => checkPort(port)).not.toThrow();
});

onUnix.each(["/dev/ttyUSB0", "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0"])("%s is a port", (port) => {
  expect(() => checkPort(port)).not.toThrow();
});

test.each([
  "foo://bar",
  "http://host:80",
  "rfc2217:host",
  "rfc2217://host:1?rate=5",
  "tcp:host",
  "virtual:",
  "virtual:esp 32",
  "ttyUSB0",
  "",
  "/dev/a\nb",
  " /dev/ttyUSB0",
])("“%s” is refused with what is accepted", (port) => {
  let thrown: unknown;
  try {
    checkPort(port);
  } catch (error) {
    thrown = error;
  }

  expect(toFlashError(thrown)).toMatchObject({ code: "input/invalid", details: { input: "port" } });
  expect(toFlashError(thrown).message).toMatch(/(tcp|rfc2217):\/\/host:port|timeout=/);
});
