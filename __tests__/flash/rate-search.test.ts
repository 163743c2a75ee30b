import { chips } from "../../src/chips/index.js";
import { romBaudLimit } from "../../src/device/baud.js";
import { createRateSearch } from "../../src/flash/rate-search.js";
import type { FailedRate } from "../../src/flash/rate-search.js";

const CONTACT = 115_200;
const ALL = [2_000_000, 921_600, 460_800, 230_400, 115_200];
const USUAL = ALL.slice(1);

interface Board {
  readonly line: number;
  readonly romReckonsRightly: boolean;
  readonly chip?: "esp32" | "esp32c3";
}

/** What is tried on such a board, the last of it with success; "none" where nothing is left. */
function tries(
  bauds: readonly number[],
  { line, romReckonsRightly, chip = "esp32c3" }: Board,
  known?: number,
): string[] {
  const search = createRateSearch(bauds, CONTACT);
  if (known !== undefined) search.startAt({ baud: known, byRom: true });
  const tried: string[] = [];
  for (;;) {
    const goesUpFast = search.byRom && search.baud > CONTACT;
    tried.push(`${search.baud} ${goesUpFast ? "rom" : "stub"}`);
    const romBaud = Math.min(search.baud, romBaudLimit(chips[chip]));
    const romAnswers = !goesUpFast || (romReckonsRightly && romBaud <= line);
    if (goesUpFast && romAnswers) search.romWorked();
    if (romAnswers && search.baud <= line) return tried;
    const failed: FailedRate = romAnswers ? { stage: "stub", baud: search.baud } : { stage: "rom", baud: romBaud };
    if (!search.failed(failed)) return [...tried, "none"];
  }
}

test.each([
  { what: "all is well", bauds: USUAL, line: 921_600, path: ["921600 rom"] },
  { what: "noise above 460800", bauds: USUAL, line: 460_800, path: ["921600 rom", "460800 rom"] },
  {
    what: "noise above 115200",
    bauds: USUAL,
    line: 115_200,
    path: ["921600 rom", "460800 rom", "921600 stub", "460800 stub", "230400 stub", "115200 stub"],
  },
  { what: "a fast bridge", bauds: ALL, line: 921_600, path: ["2000000 rom", "921600 rom"] },
  { what: "a rate by name", bauds: [460_800], line: 230_400, path: ["460800 rom", "460800 stub", "none"] },
])("$what: $path", ({ bauds, line, path }) => {
  expect(tries(bauds, { line, romReckonsRightly: true })).toEqual(path);
});

test.each([
  { bauds: USUAL, line: 921_600, path: ["921600 rom", "460800 rom", "921600 stub"] },
  { bauds: ALL, line: 2_000_000, path: ["2000000 rom", "460800 rom", "2000000 stub"] },
  { bauds: [460_800], line: 921_600, path: ["460800 rom", "460800 stub"] },
  { bauds: USUAL, line: 921_600, known: 230_400, path: ["230400 rom", "230400 stub"] },
])("a ROM that reckons wrongly: $path", ({ bauds, line, known, path }) => {
  expect(tries(bauds, { line, romReckonsRightly: false }, known)).toEqual(path);
});

test("a ROM that goes no higher than 230400 baud, and reckons wrongly, is left alone after that", () => {
  const path = ["921600 rom", "921600 stub"];
  expect(tries(USUAL, { line: 921_600, romReckonsRightly: false, chip: "esp32" })).toEqual(path);
});

test("a ROM that was followed once is not blamed for later noise", () => {
  const search = createRateSearch(USUAL, CONTACT);
  search.romWorked();
  const failures: FailedRate[] = [
    { stage: "stub", baud: 921_600 },
    { stage: "rom", baud: 460_800 },
    { stage: "rom", baud: 230_400 },
  ];
  expect(failures.map((failed) => search.failed(failed))).toEqual([true, true, true]);
  expect({ baud: search.baud, byRom: search.byRom }).toEqual({ baud: 115_200, byRom: true });
});

test("noise while a slow ROM takes the stub does not lower the rate of the stub", () => {
  const search = createRateSearch(USUAL, CONTACT);
  search.romWorked();
  expect(search.failed({ stage: "rom", baud: romBaudLimit(chips.esp32) })).toBe(true);
  expect({ baud: search.baud, byRom: search.byRom }).toEqual({ baud: 921_600, byRom: false });
});

test("what is known of a board leads down, never up, and a rate below all of them counts for nothing", () => {
  const search = createRateSearch(USUAL, CONTACT);
  search.startAt({ baud: 500_000, byRom: true });
  search.startAt({ baud: 921_600, byRom: false });
  search.startAt({ baud: 300, byRom: true });
  expect({ baud: search.baud, byRom: search.byRom }).toEqual({ baud: 460_800, byRom: false });
});
