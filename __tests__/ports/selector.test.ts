import fc from "fast-check";
import { parsePortSelector } from "../../src/ports/selector.js";
import { codeOf } from "../support/code-of.js";

test("what is written wrongly is refused, with the form that is right", () => {
  const wrong = [
    "",
    "ttyUSB0",
    "./ttyUSB0",
    "AUTO",
    "auto ",
    "usb:10c4",
    "usb:10c4:ea6",
    "usb:0x10c4:0xea60",
    "serial:",
    "location:",
    "location:1",
    "location:1-1.",
    "location:1-1:1",
    "location:1-1.2/1-1.2:1.0",
    "mac:4c11aeb99054",
    "mac:4c:11:ae:b9:90",
    "mac:4c:11:ae:b9:90:54:00",
    "/dev/tty\nUSB0",
    "/dev/*/by-id/x",
    "/dev/ttyUSB[01]",
    "/dev/tty{A,B}",
  ];
  for (const text of wrong) expect([text, codeOf(() => parsePortSelector(text))]).toEqual([text, "input/invalid"]);
});

test("other kinds of ports are left to others", () => {
  for (const text of ["tcp://bench:3333", "rfc2217://[::1]:4000", "virtual:esp32", "nonsense:x"]) {
    expect(parsePortSelector(text)).toBeUndefined();
  }
});

test("a glob fits what a shell's would", () => {
  const glob = parsePortSelector("/dev/serial/by-id/usb-*.a+b?-if00");
  if (glob?.kind !== "glob") throw new Error("not a glob");
  expect(glob.folder).toBe("/dev/serial/by-id/");
  expect(glob.pattern.test("usb-x.y.a+b0-if00")).toBe(true);
  for (const name of ["usb-xza+b0-if00", "usb-x.a+b-if00", "usb-x.aab0-if00", "xusb-.a+b0-if00"]) {
    expect(glob.pattern.test(name)).toBe(false);
  }
  const all = parsePortSelector("/dev/*");
  expect(all?.kind === "glob" && all.pattern.test(".hidden")).toBe(false);
});

test("no text makes it do anything but answer or refuse", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string().map((text) => `/dev/${text}`),
    fc.string().map((text) => `mac:${text}`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const selector = parsePortSelector(text);
        return selector === undefined || typeof selector.kind === "string";
      } catch (thrown) {
        return (thrown as { code?: unknown }).code === "input/invalid";
      }
    }),
  );
});
