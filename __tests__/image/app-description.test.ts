import { APP_DESCRIPTION_BYTES, buildAppDescription, parseAppDescription } from "../../src/image/app-description.js";
import type { AppDescription } from "../../src/image/app-description.js";

const texts: AppDescription = {
  version: "1.2.3",
  project: "größe",
  compileTime: "12:00:00",
  compileDate: "Jan  1 2025",
  idfVersion: "",
  elfSha256: "ab".repeat(32),
};

describe("an app's description", () => {
  test("is 256 bytes, and read back as it was built", () => {
    const bytes = buildAppDescription(texts);
    expect(bytes).toHaveLength(APP_DESCRIPTION_BYTES);
    expect(parseAppDescription(bytes)).toEqual(texts);
  });

  test("has texts that are too long cut, so that a zero ends them", () => {
    const long = buildAppDescription({ ...texts, version: "v".repeat(40), compileTime: "t".repeat(16) });
    expect(parseAppDescription(long)).toMatchObject({
      version: "v".repeat(31),
      project: texts.project,
      compileTime: "t".repeat(15),
      compileDate: texts.compileDate,
    });
  });

  test("may fill a field to its last byte, as no reader should rely on the zero", () => {
    const bytes = buildAppDescription(texts).fill(0x76, 16, 48);
    expect(parseAppDescription(bytes)).toMatchObject({ version: "v".repeat(32), project: texts.project });
  });

  test("is none where bytes are missing or the first word is another one", () => {
    const bytes = buildAppDescription(texts);
    expect(parseAppDescription(bytes.subarray(0, -1))).toBeUndefined();
    expect(parseAppDescription(bytes.fill(0, 3, 4))).toBeUndefined();
  });
});
