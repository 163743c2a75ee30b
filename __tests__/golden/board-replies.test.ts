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
    where: "text before the first reset, and in the esp32-boot recordings",
    reason:
      "time: how often the board had reset itself when the recording began, and the milliseconds in the second stage's lines. Compared: the first boot, with the milliseconds masked.",
  },
  {
    where: "esp32-boot-micropython, from `entry` on",
    reason: "the virtual board verifies and names the app but does not execute it.",
  },
  {
    where: "esp32-boot-corrupt-app, the two checksums",
    reason: "chance: which bytes of the app were damaged is not recorded. Compared: the lines, with the values masked.",
  },
] as const;

/** The first boot in a log, without what depends on time. */
function firstBoot(log: string): string {
  const next = log.indexOf("\r\nets ", 10);
  return (next < 0 ? log : log.slice(0, next + 2))
    .replaceAll(/ \(\d+\) /g, " (n) ")
    .replaceAll(/Calculated 0x\w+ read 0x\w+/g, "Calculated # read #");
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

const conversations = JSON.parse(readFileSync(new URL("conversations.json", import.meta.url), "utf8")) as Record<
  string,
  readonly ConversationEvent[]
>;

describe("the virtual board answers as the recorded ROM and stub did", () => {
  test.each(Object.keys(conversations))("%s", async (name) => {
    const bench = createBench();
    await bench.pass(10);
    bench.heard();
    expect(await replay(bench, conversations[name] ?? [])).toBeGreaterThan(50);
  });
});

const whole = tracesAreHere ? describe : describe.skip;
const firmware = sharedFile("firmware", "esp32-idf3-20191220-v1.12.bin");
const BOOTLOADER_OFFSET = 0x1000;

/** What the recorded boards held before the recording: the head of the firmware, all of it, or nothing. */
const contents: Readonly<Record<string, number>> = {
  "esp32-stub-verify-24k": 24_576,
  "esp32-stub-read-8k": 24_576,
  "esp32-stub-erase-region": 24_576,
  "esp32-boot-micropython": Infinity,
  "esp32-boot-corrupt-app": Infinity,
};

const loaderTraces = [
  "esp32-stub-flash-id",
  "esp32-stub-write-24k",
  "esp32-stub-verify-24k",
  "esp32-stub-read-8k",
  "esp32-stub-erase-region",
  "esp32-stub-erase-flash",
  "esp32-rom-write-8k",
  "esp32-rom-write-8k-deflate",
];

whole(
  `whole recordings (needs ../shared/traces); exceptions: ${exceptions.map(({ where }) => where).join("; ")}`,
  () => {
    const boardFor = (name: string): BoardBench => {
      const bench = createBench();
      bench.board.flash.bytes.set((firmware ?? new Uint8Array()).subarray(0, contents[name] ?? 0), BOOTLOADER_OFFSET);
      return bench;
    };

    test.each(loaderTraces)("%s", async (name) => {
      const events = readTrace(name).map(({ what, bytes, mode }): ConversationEvent => [
        what,
        what === "reset" ? mode : toHex(bytes),
      ]);
      const bench = boardFor(name);
      await bench.pass(10);
      expect(firstBoot(text(bench.heard()))).toBe(
        firstBoot(Buffer.from(events[0]?.[1] ?? "", "hex").toString("latin1")),
      );
      expect(await replay(bench, events.slice(1))).toBeGreaterThan(80);
    });

    test.each(["esp32-boot-blank", "esp32-boot-corrupt-app"])("%s", async (name) => {
      const bench = boardFor(name);
      if (name.includes("corrupt")) bench.board.flash.bytes.fill(0, 0x80000, 0x80010);
      await bench.pass(2000);
      const log = text(bench.heard());
      const recorded = text(readTrace(name)[0]?.bytes ?? new Uint8Array());
      expect(firstBoot(log)).toBe(firstBoot(recorded));
      expect(log.split("ets Jul").length).toBeGreaterThan(3);
    });

    test("esp32-boot-micropython", async () => {
      const bench = boardFor("esp32-boot-micropython");
      await bench.pass(2000);
      const log = text(bench.heard());
      const recorded = text(readTrace("esp32-boot-micropython")[0]?.bytes ?? new Uint8Array());
      const entry = recorded.indexOf("entry 0x");
      expect(log.slice(0, entry + 20)).toBe(recorded.slice(0, entry + 20));
      // What the second core says in between came to the recorder mixed with this.
      const spoken = (words: string): readonly string[] =>
        words
          .slice(entry)
          .replaceAll(/\(\d+\) /g, "")
          .split("\n")
          .filter((line) => /Pro cpu up|Application|Compile|ELF file|start user code|scheduler on PRO/.test(line));
      expect(spoken(log)).toEqual(spoken(recorded));
      expect(log.split("ets Jul").length).toBe(2);
    });
  },
);
