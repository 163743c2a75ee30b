import { readFileSync } from "node:fs";
import { toHex } from "../../src/base/bytes.js";
import { createBench } from "../support/board-bench.js";
import type { BoardBench } from "../support/board-bench.js";
import { replay } from "../support/replay.js";
import type { ConversationEvent } from "../support/replay.js";
import { sharedFile } from "../support/shared-files.js";
import { readTrace, tracesAreHere } from "../support/traces.js";

/** What of the chip's bytes is not compared byte for byte, and why. */
const exceptions = [
  {
    where: "text before the first reset",
    reason:
      "time: how often the blank flash had been named when the recording began, with bytes lost in between; the recorded chip has no watchdog that ends it. Compared: the banner and the first line after it.",
  },
] as const;

/** The recorded chip. */
const recorded = {
  chip: "esp32c3",
  mac: Uint8Array.of(0xc4, 0x0a, 0x24, 0xfe, 0x10, 0x01),
} as const;

const conversations = JSON.parse(readFileSync(new URL("conversations-c3.json", import.meta.url), "utf8")) as Record<
  string,
  readonly ConversationEvent[]
>;

/** What the recorded host wrote: offset, and bytes from the head of the firmware. */
const written: Readonly<Record<string, readonly [number, number]>> = {
  "esp32c3-stub-write-24k": [0, 24_576],
  "esp32c3-rom-write-8k": [0x10000, 8_192],
};

async function switchedOn(): Promise<{ bench: BoardBench; firstText: string }> {
  const bench = createBench(recorded);
  await bench.pass(10);
  return { bench, firstText: Buffer.from(bench.heard()).toString("latin1") };
}

describe("the virtual ESP32-C3 answers as the recorded ROM and stub did", () => {
  test.each(Object.keys(conversations))("%s", async (name) => {
    const { bench } = await switchedOn();
    expect(await replay(bench, conversations[name] ?? [])).toBeGreaterThan(60);
  });
});

const whole = tracesAreHere ? describe : describe.skip;

whole(
  `whole recordings (needs ../shared/traces); exceptions: ${exceptions.map(({ where }) => where).join("; ")}`,
  () => {
    test.each(["esp32c3-stub-flash-id", "esp32c3-stub-write-24k", "esp32c3-rom-write-8k"])("%s", async (name) => {
      const events = readTrace(name).map(({ what, bytes, mode }): ConversationEvent => [
        what,
        what === "reset" ? mode : toHex(bytes),
      ]);
      const { bench, firstText } = await switchedOn();
      const recordedText = Buffer.from(events[0]?.[1] ?? "", "hex").toString("latin1");
      const firstLines = recordedText.slice(0, recordedText.indexOf("\r\n", recordedText.indexOf("invalid")) + 2);
      expect(firstText.startsWith(firstLines)).toBe(true);
      expect(await replay(bench, events.slice(1))).toBeGreaterThan(60);
      const [offset, lengthBytes] = written[name] ?? [0, 0];
      const firmware = sharedFile("firmware", "esp32-idf3-20191220-v1.12.bin") ?? new Uint8Array();
      const flash = Buffer.from(bench.board.flash.bytes.subarray(offset, offset + lengthBytes));
      expect(flash.equals(firmware.subarray(0, lengthBytes))).toBe(true);
    });
  },
);
