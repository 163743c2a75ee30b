import { chips } from "../../src/chips/index.js";
import type { SecurityState } from "../../src/chips/definition.js";
import { checkSecurity } from "../../src/flash/security.js";
import { patternBytes, thrownBy } from "../support/images.js";
import { flashImage, flashJob } from "../support/jobs.js";

const open: SecurityState = {
  flashEncryption: false,
  secureBootV1: false,
  secureBootV2: false,
  secureDownload: false,
  keyManager: false,
  manualEncryptOff: false,
};
const at = (offset: number): ReturnType<typeof flashJob> =>
  flashJob([flashImage("data.bin", offset, patternBytes(16))], { erase: "touched" });

test.each([
  ["secureBootV2", "Secure Boot V2", [0x1000, 0x7000], [0x0000, 0x8000]],
  ["secureBootV1", "Secure Boot V1", [0x0000, 0x7000], [0x8000]],
] as const)("%s protects the bootloader's place, and no more", (key, setting, barred, free) => {
  const security = { ...open, [key]: true };
  for (const offset of barred) {
    const place = `0x${offset.toString(16).padStart(8, "0")}`;
    expect(thrownBy(() => checkSecurity(security, at(offset), chips.esp32))).toMatchObject({
      message: expect.stringContaining(`This ESP32 has ${setting}: data.bin at ${place} would replace`) as string,
      details: { setting },
    });
  }
  for (const offset of free) expect(() => checkSecurity(security, at(offset), chips.esp32)).not.toThrow();
});

test("Secure Download Mode needs the consent that nothing is verified, which the error names", () => {
  expect(thrownBy(() => checkSecurity({ ...open, secureDownload: true }, at(0), chips.esp32c3))).toMatchObject({
    code: "security/secure-download",
    message:
      "This ESP32-C3 is in Secure Download Mode: its loader neither compares nor reads, so nothing could be verified.",
    details: { allow: "unverified" },
  });
});
