import { concatBytes, readUint32, toHex, words } from "../base/bytes.js";

// ESP-IDF `esp_app_desc.h` (v5.3): esp_app_desc_t, at the start of an app's first segment.
const APP_DESCRIPTION_MAGIC = 0xabcd5432;
export const APP_DESCRIPTION_BYTES = 256;
/** Where the description has the SHA-256 of the ELF file; zeros until the image is made. */
export const ELF_SHA256_AT = 144;
/** Binary logarithm of the MMU's page size, since ESP-IDF 5.4; zero before. */
const MMU_PAGE_SIZE_AT = 180;

/** What an app says of itself. Empty strings where its build left them out. */
export interface AppDescription {
  readonly version: string;
  readonly project: string;
  /** Date and time of the build, as the compiler printed them. */
  readonly compileTime: string;
  readonly compileDate: string;
  readonly idfVersion: string;
  /** SHA-256 of the ELF file in hex. */
  readonly elfSha256: string;
}

/** A C string in a field of `lengthBytes`. */
export function textAt(bytes: Uint8Array, offset: number, lengthBytes: number): string {
  const field = bytes.subarray(offset, offset + lengthBytes);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}

function textField(text: string, lengthBytes: number): Uint8Array {
  const field = new Uint8Array(lengthBytes);
  // One byte stays zero: readers take the field as a C string.
  field.set(Buffer.from(text, "utf8").subarray(0, lengthBytes - 1));
  return field;
}

/** The description at the start of a segment's data, or `undefined` if there is none. */
export function parseAppDescription(segment: Uint8Array): AppDescription | undefined {
  if (segment.length < APP_DESCRIPTION_BYTES || readUint32(segment, 0) !== APP_DESCRIPTION_MAGIC) return undefined;
  return {
    version: textAt(segment, 16, 32),
    project: textAt(segment, 48, 32),
    compileTime: textAt(segment, 80, 16),
    compileDate: textAt(segment, 96, 16),
    idfVersion: textAt(segment, 112, 32),
    elfSha256: toHex(segment.subarray(ELF_SHA256_AT, ELF_SHA256_AT + 32)),
  };
}

/** Bytes of an MMU page as a description states them, or `undefined` where it does not. */
export function mmuPageBytesOf(description: Uint8Array): number | undefined {
  const logarithm = description[MMU_PAGE_SIZE_AT] ?? 0;
  return logarithm === 0 ? undefined : 2 ** logarithm;
}

/** The 256 bytes of a description. Texts that are too long for their field are cut. */
export function buildAppDescription(app: AppDescription): Uint8Array {
  const described = concatBytes(
    words(APP_DESCRIPTION_MAGIC, 0, 0, 0),
    textField(app.version, 32),
    textField(app.project, 32),
    textField(app.compileTime, 16),
    textField(app.compileDate, 16),
    textField(app.idfVersion, 32),
    Buffer.from(app.elfSha256, "hex"),
  );
  return concatBytes(described, new Uint8Array(APP_DESCRIPTION_BYTES - described.length));
}
