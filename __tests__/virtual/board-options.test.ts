import { defaultBoardOptions, parseBoardOptions } from "../../src/virtual/board-options.js";
import { faultTable } from "../../src/virtual/faults.js";

describe("the URL of a virtual board", () => {
  test("without settings is a board with 4 MB, no delays and the recorded MAC", () => {
    expect(parseBoardOptions("virtual:esp32")).toEqual(defaultBoardOptions);
  });

  test("may set everything", () => {
    const url =
      "virtual:esp32?flash=boards/one%20+two.bin&flash-size=8MB&mac=24:0A:c4:00:00:01&timing=modelled&usb-latency-ms=16" +
      "&speed=10&boot=download&invalid-header=printed&seed=7&fault=silent&fault=write-fails:3" +
      "&usb=uart&security=flash-encryption";
    expect(parseBoardOptions(url)).toEqual({
      chip: "esp32",
      flashFile: "boards/one +two.bin",
      flashSizeBytes: 0x800000,
      mac: Uint8Array.of(0x24, 0x0a, 0xc4, 0, 0, 1),
      timing: "modelled",
      usbLatencyMs: 16,
      speed: 10,
      boot: "download",
      invalidHeader: "printed",
      seed: 7,
      usb: "uart",
      security: ["flash-encryption"],
      faults: [
        { name: "silent", number: 0 },
        { name: "write-fails", number: 3 },
      ],
    });
  });

  test.each([
    ["virtual:esp64", /virtual:esp32/],
    ["virtual:esp32#x", /virtual:esp32/],
    ["virtual:esp32?colour=red", /"colour".*flash-size/],
    ["virtual:esp32?flash", /"flash".*path/],
    ["virtual:esp32?flash=%zz", /percent/],
    ["virtual:esp32?flash-size=3MB", /"3MB".*4MB/],
    ["virtual:esp32?mac=4c:11:ae", /MAC/],
    ["virtual:esp32?timing=slow", /none or modelled/],
    ["virtual:esp32?usb-latency-ms=2", /1 or 16/],
    ["virtual:esp32?speed=0", /1 to 1000/],
    ["virtual:esp32?seed=-1", /whole number/],
    ["virtual:esp32?seed=1&seed=2", /twice/],
    ["virtual:esp32?fault=flood", /"flood".*silent/],
    ["virtual:esp32?fault=silent:3", /silent:3/],
    ["virtual:esp32?fault=write-fails:x", /write-fails/],
  ])("%s is refused with what is accepted", (url, message) => {
    expect(() => parseBoardOptions(url)).toThrow(
      expect.objectContaining({ code: "input/invalid", message: expect.stringMatching(message) as string }) as Error,
    );
  });

  test("every fault can be asked for", () => {
    for (const [name, { number }] of Object.entries(faultTable)) {
      const url = `virtual:esp32?fault=${name}${number === "none" ? "" : ":5"}`;
      expect(parseBoardOptions(url).faults).toEqual([{ name, number: number === "none" ? 0 : 5 }]);
    }
  });
});
