import * as v from "valibot";
import type { FirmwareItem } from "../firmware/firmware.js";
import { address, oneLine, sha256 } from "./input-schemas.js";

/** Firmware for one board, or for the boards that fit a pattern. */
export interface MappedFirmware {
  /** A line of `port`, the path of a port, a pattern for such paths, or a MAC. */
  readonly board: string;
  readonly item: FirmwareItem;
}

/** What the input `firmware-map` takes, for people. */
export const firmwareMapForm =
  'takes JSON such as {"/dev/ttyUSB0": "app.bin", "4c:11:ae:b9:90:54": {"firmware-url": "b.bin", "offset": "0x10000"}}';

const located = v.pipe(
  oneLine,
  v.transform((location): Omit<FirmwareItem, "place"> & { offset?: number | undefined } => ({ location })),
);
const detailed = v.pipe(
  v.strictObject({
    "firmware-url": oneLine,
    offset: v.optional(v.union([address, v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff))])),
    sha256: v.optional(sha256),
  }),
  v.transform(({ "firmware-url": location, offset, sha256: digest }) => ({ location, offset, sha256: digest })),
);

const schema = v.pipe(
  v.string(),
  v.parseJson(),
  v.record(oneLine, v.union([located, detailed])),
  v.transform((entries): readonly MappedFirmware[] =>
    Object.entries(entries).map(([board, { location, sha256: digest, offset }]) => ({
      board,
      item: { location, sha256: digest, place: offset === undefined ? undefined : { kind: "offset", offset } },
    })),
  ),
);

/** Reads the input `firmware-map`; empty for a text that `firmwareMapProblems` objects to. */
export function parseFirmwareMap(text: string): readonly MappedFirmware[] {
  const parsed = v.safeParse(schema, text);
  return parsed.success ? parsed.output : [];
}

/** What is wrong with the input `firmware-map`, without its values, as they may hold credentials. */
export function firmwareMapProblems(text: string): readonly string[] {
  const parsed = text === "" ? undefined : v.safeParse(schema, text);
  if (parsed === undefined || (parsed.success && parsed.output.length > 0)) return [];
  const [issue] = parsed.success ? [] : parsed.issues;
  const place = issue === undefined ? undefined : v.getDotPath(issue);
  return [`\`firmware-map\` cannot be read${place ? ` at ${JSON.stringify(place)}` : ""}: it ${firmwareMapForm}`];
}
