/**
 * A row for `src/virtual/stub-digests.ts`: `node scripts/stub-digest.mjs <release> <stub_flasher/…/chip.json of esptool>`.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [release = "", file = ""] = process.argv.slice(2);
/** @typedef {{ entry: number, text: string, text_start: number, data?: string, data_start?: number }} StubFile */
/** @type {unknown} */
const content = JSON.parse(readFileSync(file, "utf8"));
const stub = /** @type {StubFile} */ (content);
const pieces = [
  { address: stub.text_start, bytes: Buffer.from(stub.text, "base64") },
  { address: stub.data_start ?? 0, bytes: Buffer.from(stub.data ?? "", "base64") },
].filter(({ bytes }) => bytes.length > 0);
const hash = createHash("sha256");
for (const { bytes } of pieces) hash.update(bytes);
const places = pieces.map(({ address, bytes }) => `${address.toString(16)}+${bytes.length.toString(16)}`);
process.stdout.write(`${release} ${stub.entry.toString(16)} ${places.join(",")} ${hash.digest("hex")}\n`);
