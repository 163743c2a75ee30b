import { readSymbols, symbolizePanic } from "../../src/monitor/symbols.js";
import { codeOf } from "../support/code-of.js";
import { testWithShared } from "../support/shared-files.js";
import { DATA_OBJECT, symbolFile } from "../support/symbol-file.js";

const file = symbolFile([
  ["later", 0x400d2000, 0x40],
  ["app_main", 0x400d1200, 0x100],
  ["table", 0x400d1100, 0x80, DATA_OBJECT],
]);

test("an address gets its function and the offset in it", () => {
  const symbolize = readSymbols(file);
  expect(symbolize(0x400d1231)).toBe("app_main+0x31");
  expect(symbolize(0x400d2000)).toBe("later+0x0");
  for (const outside of [0x400d11ff, 0x400d1300, 0x400d2040, 0, 0xffffffff]) expect(symbolize(outside)).toBeUndefined();
});

test("of a backtrace only the program counters are named, of other lines nothing", () => {
  const symbolize = readSymbols(file);
  expect(symbolizePanic(["Backtrace: 0x400d1231:0x400d2000 0x00000000:0x3ffb4f50"], symbolize)).toEqual([
    "Backtrace: 0x400d1231:0x400d2000 0x00000000:0x3ffb4f50",
    "  0x400d1231 app_main+0x31",
  ]);
  expect(symbolizePanic(["abort() was called at PC 0x400d1234 on core 0"], symbolize)[1]).toBe(
    "  0x400d1234 app_main+0x34",
  );
  expect(symbolizePanic(["MEPC    : 0x400d1231  RA      : 0x400d2004"], symbolize)).toHaveLength(3);
  expect(symbolizePanic(["3ffb4f30: 0x400d1231 0x400d2004"], symbolize)).toHaveLength(1);
});

test.each([
  ["no ELF file", Buffer.from("hello")],
  ["no symbols", symbolFile([]).fill(0, 0x34 + 0x28, 0x34 + 0x50)],
  ["cut short", file.subarray(0, file.length - 60)],
  ["cut shorter", file.subarray(0, 0x40)],
])("%s is refused", (_what, bytes) => {
  expect(codeOf(() => readSymbols(bytes))).toBe("image/elf");
});

testWithShared("the symbols of a real app", ["fixtures", "elf", "esp32-app-template.elf"], (elf) => {
  const symbolize = readSymbols(elf);
  // By another parser.
  expect(symbolize(0x400d0a18 + 362)).toBe("app_main+0x16a");
  expect(symbolize(0x40086ee4)).toBe("abort+0x0");
  expect(symbolize(0x4008167c + 0x10)).toBe("call_start_cpu0+0x10");
});
