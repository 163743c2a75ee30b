import { autoBauds } from "../../src/device/baud-rates.js";

const behind = (usb?: { vendorId: number; productId: number }): readonly number[] =>
  autoBauds({
    capabilities: { controlLines: true, atomicLines: true, baudRate: true, ...(usb === undefined ? {} : { usb }) },
  });

describe("the rates that `auto` tries", () => {
  test("a bridge that nobody knows, and CP2102, begin at 921600", () => {
    expect(behind()[0]).toBe(921_600);
    expect(behind({ vendorId: 0x1234, productId: 1 })[0]).toBe(921_600);
    expect(behind({ vendorId: 0x10c4, productId: 0xea60 })[0]).toBe(921_600);
  });

  test("CH340, CH343 and FT232R begin at 2,000,000", () => {
    const fast = [
      { vendorId: 0x1a86, productId: 0x7523 },
      { vendorId: 0x1a86, productId: 0x55d3 },
      { vendorId: 0x0403, productId: 0x6001 },
    ];
    for (const usb of fast) expect(behind(usb)[0]).toBe(2_000_000);
  });

  test("all go down to 57600, each lower than the one before", () => {
    const bauds = behind({ vendorId: 0x0403, productId: 0x6001 });
    expect(bauds.at(-1)).toBe(57_600);
    expect([...bauds].sort((a, b) => b - a)).toEqual(bauds);
  });
});
