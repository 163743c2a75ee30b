import fc from "fast-check";
import { chips } from "../../src/chips/index.js";
import type { SecurityState } from "../../src/chips/definition.js";
import type { FlashError } from "../../src/base/errors.js";
import { checkImages } from "../../src/flash/guards.js";
import { allowances } from "../../src/flash/job.js";
import type { FlashJob } from "../../src/flash/job.js";
import { checkSecurity } from "../../src/flash/security.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes, thrownBy } from "../support/images.js";
import { flashImage, flashJob } from "../support/jobs.js";

const chip = chips.esp32;
const board = { chip, revision: 301, flashSizeBytes: 4 * 1024 * 1024 };

const table = buildPartitionTable([
  { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x10000, flags: 0 },
]);
const merged = (app = appImage(), bootloader = bootloaderImage()): Uint8Array =>
  flashBytes(0xf000 + app.length, [
    { offset: 0, bytes: bootloader },
    { offset: 0x7000, bytes: table },
    { offset: 0xf000, bytes: app },
  ]);
const placed = (offset: number, bytes: Uint8Array, changes: Partial<Omit<FlashJob, "unplaced">> = {}): FlashJob =>
  flashJob([flashImage("fw.bin", offset, bytes)], changes);

const messageOf = (error: unknown): string => (error as FlashError).message;

describe("placement", () => {
  test("needs the start of a sector", () => {
    const error = thrownBy(() => checkImages(placed(0x10010, patternBytes(10)), board));
    expect(error).toMatchObject({ code: "plan/alignment", message: expect.stringMatching(/0x00010010/) as string });
  });

  test("needs room, in the flash that is there or in any", () => {
    const atEnd = placed(0x3ff000, patternBytes(0x1000));
    expect(() => checkImages(atEnd, board)).not.toThrow();
    const behind = placed(0x3ff000, patternBytes(0x1001));
    expect(thrownBy(() => checkImages(behind, board))).toMatchObject({
      code: "plan/out-of-range",
      message: "fw.bin (4,097 bytes at 0x003ff000) does not fit a flash of 4,194,304 bytes.",
    });
    expect(() => checkImages(behind, { chip })).not.toThrow();
    expect(thrownBy(() => checkImages(placed(0x1000000, patternBytes(1)), { chip }))).toMatchObject({
      code: "plan/above-16mib",
    });
    expect(thrownBy(() => checkImages(placed(-0x1000, patternBytes(1)), {}))).toMatchObject({
      code: "plan/out-of-range",
    });
  });

  test("gives each sector to one image", () => {
    const job = (secondOffset: number): FlashJob =>
      flashJob([
        flashImage("first", 0x10000, patternBytes(0x1800)),
        flashImage("second", secondOffset, patternBytes(0x10)),
      ]);
    expect(() => checkImages(job(0x12000), board)).not.toThrow();
    // The bytes do not meet, but erasing for one would take from the other.
    const error = thrownBy(() => checkImages(job(0x11000), board));
    expect(error).toMatchObject({ code: "plan/overlap", details: { images: ["first", "second"] } });
    expect(messageOf(error)).toMatch(/first \(0x00010000 to 0x00011800\).*second \(0x00011000/);
  });

  test("finds each overlap, whatever the order", () => {
    const images = fc.array(fc.record({ sector: fc.nat(40), lengthBytes: fc.integer({ min: 1, max: 0x3000 }) }), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(images, (wanted) => {
        const seen = new Set<number>();
        let expected = false;
        for (const { sector, lengthBytes } of wanted) {
          for (let at = sector; at < sector + Math.ceil(lengthBytes / 0x1000); at++) {
            expected ||= seen.has(at);
            seen.add(at);
          }
        }
        const job = flashJob(
          wanted.map(({ sector, lengthBytes }, index) =>
            flashImage(`image ${index}`, 0x100000 + sector * 0x1000, new Uint8Array(lengthBytes)),
          ),
        );
        const check = (): void => checkImages(job, board);
        if (expected) expect(thrownBy(check)).toMatchObject({ code: "plan/overlap" });
        else expect(check).not.toThrow();
      }),
    );
  });
});

describe("an image's chip", () => {
  test("must be the board's, also that of an app inside a merged file", () => {
    const error = thrownBy(() => checkImages(placed(0x10000, appImage({ chipId: 5 })), board));
    expect(error).toMatchObject({
      code: "chip/image-mismatch",
      message: "fw.bin was built for ESP32-C3, not for ESP32.",
    });
    expect(thrownBy(() => checkImages(placed(0x1000, merged(appImage({ chipId: 9 }))), board))).toMatchObject({
      code: "chip/image-mismatch",
    });
  });

  test("does not matter where the job allows it, or before the chip is known", () => {
    const job = placed(0x10000, appImage({ chipId: 5 }));
    expect(() => checkImages({ ...job, allow: new Set(["image-mismatch"] as const) }, board)).not.toThrow();
    expect(() => checkImages(job, {})).not.toThrow();
  });
});

describe("an image's revisions", () => {
  test.each([
    [{ minRevision: 300 }, undefined],
    [{ minRevision: 301, maxRevision: 301 }, undefined],
    [{ minRevision: 302 }, "fw.bin needs a chip of revision v3.2 or later; this one is v3.1."],
    [{ minRevision: 0, maxRevision: 299 }, "fw.bin needs a chip of revision v2.99 or earlier; this one is v3.1."],
  ])("%p on v3.1", (limits, message) => {
    const job = placed(0x10000, appImage(limits));
    if (message === undefined) expect(() => checkImages(job, board)).not.toThrow();
    else expect(thrownBy(() => checkImages(job, board))).toMatchObject({ code: "chip/revision", message });
    expect(() => checkImages({ ...job, allow: new Set(["chip-revision"] as const) }, board)).not.toThrow();
    expect(() => checkImages(job, { chip })).not.toThrow();
  });
});

describe("a bootloader", () => {
  test("belongs where the ROM starts it", () => {
    expect(() => checkImages(placed(0x1000, bootloaderImage()), board)).not.toThrow();
    const error = thrownBy(() => checkImages(placed(0x0, merged()), board));
    expect(error).toMatchObject({ code: "plan/bootloader-offset" });
    expect(messageOf(error)).toBe(
      "fw.bin has its bootloader at 0x00000000, but ESP32 starts the one at 0x00001000. Its offset would be 0x00001000.",
    );
    expect(() =>
      checkImages(placed(0x0, merged(), { allow: new Set(["bootloader-offset"] as const) }), board),
    ).not.toThrow();
  });

  test("inside a whole-flash file counts from the file's start", () => {
    const whole = flashBytes(0x1000 + merged().length, [{ offset: 0x1000, bytes: merged() }]);
    expect(() => checkImages(placed(0, whole), board)).not.toThrow();
    expect(thrownBy(() => checkImages(placed(0x1000, whole), board))).toMatchObject({
      code: "plan/bootloader-offset",
      message: expect.stringContaining("Its offset would be 0x00000000.") as string,
    });
  });
});

describe("data", () => {
  test("may be anything, also begin with E9", () => {
    const data = patternBytes(5000);
    data[0] = 0xe9;
    expect(() => checkImages(placed(0x200000, data), board)).not.toThrow();
    expect(() => checkImages(placed(0x200000, Uint8Array.of(0xe9)), board)).not.toThrow();
  });

  test("that is plainly a damaged image is none, whatever the job allows", () => {
    const cut = placed(0x10000, appImage().subarray(0, 500));
    expect(thrownBy(() => checkImages(cut, {}))).toMatchObject({ code: "image/truncated" });
    const inner = merged(appImage().fill(1, 300, 301));
    expect(thrownBy(() => checkImages(placed(0x1000, inner), board))).toMatchObject({ code: "image/checksum" });
    const everything = checkImages.bind(undefined, { ...cut, allow: new Set(allowances) }, board);
    expect(thrownBy(everything)).toMatchObject({ code: "image/truncated" });
  });
});

describe("security settings", () => {
  const open: SecurityState = {
    secureBootV1: false,
    secureBootV2: false,
    flashEncryption: false,
    secureDownload: false,
    keyManager: false,
    manualEncryptOff: false,
  };
  const bootloaderJob = placed(0x1000, bootloaderImage(), { erase: "touched" });
  const appJob = placed(0x10000, appImage(), { erase: "touched" });
  const lowJob = placed(0x0, patternBytes(100), { erase: "touched" });

  test("that are not set allow everything", () => {
    for (const job of [bootloaderJob, appJob, lowJob, placed(0x1000, merged())]) {
      expect(() => checkSecurity(open, job, chip)).not.toThrow();
    }
  });

  test.each([
    ["flash-encryption", { flashEncryption: true }, appJob, /flash encryption.*noise/],
    ["key-manager", { keyManager: true }, lowJob, /key manager/],
    ["secure-boot-v1", { secureBootV1: true }, bootloaderJob, /Secure Boot V1.*fw\.bin at 0x00001000/],
    ["secure-boot-v1", { secureBootV1: true }, lowJob, /Secure Boot V1/],
    ["secure-boot-v2", { secureBootV2: true }, bootloaderJob, /Secure Boot V2.*signed/],
    ["secure-boot-v2", { secureBootV2: true }, { ...appJob, erase: "all" as const }, /erase: all/],
  ] as const)("refuse by %s %j", (guard, set, job, words) => {
    const error = thrownBy(() => checkSecurity({ ...open, ...set }, job, chip));
    expect(error).toMatchObject({ code: `security/${guard}` });
    expect(messageOf(error)).toMatch(words);
    expect(() => checkSecurity({ ...open, ...set }, { ...job, allow: new Set([guard]) }, chip)).not.toThrow();
  });

  test("for downloads need the consent that nothing is verified", () => {
    const security = { ...open, secureDownload: true };
    const error = thrownBy(() => checkSecurity(security, appJob, chip));
    expect(error).toMatchObject({ code: "security/secure-download" });
    const allowed = { ...appJob, allow: new Set(["unverified"] as const) };
    expect(() => checkSecurity(security, allowed, chip)).not.toThrow();
  });

  test("of Secure Boot leave apps alone, which the bootloader judges itself", () => {
    expect(() => checkSecurity({ ...open, secureBootV1: true }, appJob, chip)).not.toThrow();
    expect(() => checkSecurity({ ...open, secureBootV2: true }, appJob, chip)).not.toThrow();
  });
});
