import type { StubImage } from "./definition.js";

/** The shape of npm esptool-js 0.7.0 `lib/targets/stub_flasher/*.json`. */
export interface StubJson {
  readonly entry: number;
  readonly text: string;
  readonly text_start: number;
  readonly data: string;
  readonly data_start: number;
}

/** Text first, then data, as they are uploaded. */
export function stubFromJson(json: StubJson): StubImage {
  const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
  return {
    entry: json.entry,
    segments: [
      { address: json.text_start, bytes: bytes(json.text) },
      { address: json.data_start, bytes: bytes(json.data) },
    ],
  };
}
