import type { ChipName } from "../../src/chips/index.js";
import { chipNames, chips } from "../../src/chips/index.js";
import { otherChips, sharedFacts } from "../support/independent-chips.js";

/** Where the two tables differ, and the third source that settles it for ours. */
const settled: readonly (readonly [fact: string, of: readonly ChipName[], thirdSource: string])[] = [
  [
    "block of a write",
    ["esp8266"],
    "esptool `loader.py` l.356 and espflash `flasher/mod.rs` l.58: 0x400 without a stub, 0x4000 is the stub's",
  ],
  ["package", ["esp8266"], "esptool `targets/esp8266.py` get_chip_description tells the ESP8285s apart by their flash"],
  ["package", ["esp32"], "ESP-IDF `soc/esp32/include/soc/efuse_defs.h` at 1021229: package 7 is ESP32-D0WDR2-V3"],
  [
    "SPI address in upper bits",
    ["esp32s3", "esp32c2", "esp32c3", "esp32c5", "esp32c6", "esp32c61", "esp32h2", "esp32h21", "esp32h4"],
    "ESP-IDF `esp_hal_mspi/<chip>/include/hal/spimem_flash_ll.h` at 1021229: set_usr_address does not shift",
  ],
  [
    "frequency codes",
    ["esp32c2"],
    "espflash `target/mod.rs` at ab24ed3; ESP-IDF `spi_flash/esp32c2/Kconfig.flash_freq`",
  ],
  [
    "frequency codes",
    ["esp32c6"],
    "ESP-IDF `bootloader_support/src/esp32c6/bootloader_esp32c6.c` l.87 at 1021229: the ROM's divider at 80 MHz",
  ],
  [
    "frequency codes",
    ["esp32h2", "esp32h21"],
    "ESP-IDF `esptool_py/Kconfig.projbuild` l.103 at 1021229: 48m stands for 0xf, 24m for 0; espflash has H2 so",
  ],
  ["revision", ["esp32c2"], "ESP-IDF `efuse/esp32c2/esp_efuse_table.csv` at 1021229; espflash `efuse/esp32c2.rs`"],
  ["package", ["esp32c2"], "esptool `targets/esp32c2.py` at bb72741: package 1 is the ESP8684H"],
  ["revision", ["esp32c6"], "ESP-IDF `efuse/esp32c6/esp_efuse_table.csv` at 1021229; espflash `efuse/esp32c6.rs`"],
  ["package", ["esp32c6"], "espflash `efuse/esp32c6.rs` at ab24ed3: the package is bits 24 to 26, not 21 to 23"],
  [
    "USB-OTG",
    ["esp32h2", "esp32h21"],
    "ESP-IDF `soc/<chip>/include/soc/soc_caps.h` at 1021229 has no SOC_USB_OTG_SUPPORTED for them",
  ],
];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

test("both tables know the same chips", () => {
  expect([...chipNames].sort()).toEqual(Object.keys(otherChips).sort());
});

test.each(chipNames)("%s: every fact is that of npm esptool-js, or a third source settles it", async (name) => {
  const facts = await sharedFacts(chips[name]);
  // 40 sets of registers, at least MAC and crystal each, beside the fixed numbers.
  expect(facts.length).toBeGreaterThan(90);
  const differing = new Set(facts.filter(({ ours, theirs }) => !same(ours, theirs)).map((fact) => fact.name));
  const listed = settled.filter(([, of]) => of.includes(name)).map(([fact]) => fact);
  expect([...differing].sort()).toEqual(listed.sort());
});

test("each settled difference is still one", async () => {
  for (const [name, of] of settled) {
    for (const chip of of) {
      const facts = (await sharedFacts(chips[chip])).filter((fact) => fact.name === name);
      expect(facts.some(({ ours, theirs }) => !same(ours, theirs))).toBe(true);
    }
  }
});
