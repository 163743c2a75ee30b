import type { ChipName } from "../../src/chips/index.js";
import { readBanner } from "../../src/monitor/reset-cause.js";

test.each<readonly [ChipName | undefined, string, string, boolean]>([
  ["esp32", "rst:0xf (RTCWDT_BROWN_OUT_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)", "fault", false],
  ["esp32c3", "rst:0x17 (POWER_GLITCH_RESET),boot:0x8 (SPI_FAST_FLASH_BOOT)", "fault", false],
  ["esp32p4", "rst:0x17 (CHIP_USB_UART_RESET),boot:0x30f (SPI_FAST_FLASH_BOOT)", "external", false],
  [undefined, "rst:0x17 (CHIP_USB_UART_RESET),boot:0x30f (SPI_FAST_FLASH_BOOT)", "external", false],
  [undefined, "rst:0x17 (POWER_GLITCH_RESET),boot:0x8 (SPI_FAST_FLASH_BOOT)", "fault", false],
  ["esp32s31", "rst:0x6 (PMU_CPU_PWR_DOWN),boot:0x6d (SPI_FAST_FLASH_BOOT)", "wake", false],
  ["esp32c6", "rst:0x5 (DSLEEP),boot:0xc (SPI_FAST_FLASH_BOOT)", "wake", false],
  ["esp32c6", "rst:0xc (SW_CPU),boot:0x4 (DOWNLOAD(USB/UART0/SDIO_FEI_FEO))", "software", true],
  ["esp8266", " ets Jan  8 2013,rst cause:4, boot mode:(3,6)", "fault", false],
  ["esp8266", " ets Jan  8 2013,rst cause:2, boot mode:(1,7)", "external", true],
])("%s: %s", (chip, text, kind, download) => {
  expect(readBanner(text, chip)).toMatchObject({ cause: { kind }, download });
});

test.each(["rst:0x1", "log: rst:0x1 (POWERON),boot:0x8 (SPI)", "rst cause:4"])("no banner: %s", (text) => {
  expect(readBanner(text)).toBeUndefined();
});
