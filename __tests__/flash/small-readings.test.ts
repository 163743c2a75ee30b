import { createHash } from "node:crypto";
import type { FlashError } from "../../src/base/errors.js";
import type { JobEvent } from "../../src/base/events.js";
import { readBoardInfo } from "../../src/flash/board-info.js";
import type { BoardInfo } from "../../src/flash/board-info.js";
import { readFlash } from "../../src/flash/read-flash.js";
import type { FlashReading, ReadRequest } from "../../src/flash/read-flash.js";
import type { BoardWish } from "../../src/flash/work-on-board.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobBench } from "../support/job-bench.js";
import { smallBoard, smallBoardMac } from "../support/small-board.js";

const wish: BoardWish = {
  chip: "auto",
  settings: {},
  before: "default-reset",
  after: "hard-reset",
  baud: 115_200,
  stub: true,
  connectAttempts: 2,
};
const content = patternBytes(0x2000, 5);
const used = (bench: JobBench): JobBench => {
  bench.board.flash.bytes.set(content, 0xfe000);
  const table = [{ name: "store", type: 1, subtype: 0x81, offset: 0xfe000, lengthBytes: 0x1000, flags: 0 }];
  bench.board.flash.bytes.set(buildPartitionTable(table), 0x8000);
  return bench;
};

interface Read {
  readonly reading: FlashReading | undefined;
  readonly error: FlashError | undefined;
  readonly events: readonly JobEvent[];
  readonly messages: readonly string[];
}

async function read(bench: JobBench, changes: Partial<ReadRequest>): Promise<Read> {
  const events: JobEvent[] = [];
  const transport = boardTransport(bench.board, "virtual");
  const deps = {
    clock: bench.clock,
    signal: new AbortController().signal,
    emit: (event: JobEvent) => void events.push(event),
  };
  const request = { ...wish, allow: new Set<never>(), region: { offset: 0xfe000, lengthBytes: 0x2000 }, ...changes };
  const ended = await bench.clock
    .run(readFlash(transport, request, deps))
    .then((reading) => ({ reading, error: undefined }))
    .catch((error: unknown) => ({ reading: undefined, error: error as FlashError }));
  await transport.close();
  return { ...ended, events, messages: events.flatMap((event) => (event.kind === "message" ? [event.text] : [])) };
}

const md5Of = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

describe("reading", () => {
  test("gives the bytes and their digest, tells its phases, and leaves the board running", async () => {
    const bench = used(smallBoard());
    const { reading, events, messages } = await read(bench, {});
    expect(reading).toMatchObject({
      chip: "esp32",
      offset: 0xfe000,
      lengthBytes: 0x2000,
      md5: md5Of(content),
      verified: true,
      retries: 0,
      flashSizeBytes: 0x100000,
    });
    expect(Buffer.compare(reading?.bytes ?? new Uint8Array(0), content)).toBe(0);
    expect(messages).toContain("8,192 bytes from 0x000fe000 on.");
    expect(messages.join()).not.toContain("encrypt");
    const phases = events.flatMap((event) => (event.kind === "started" ? [event.phase] : []));
    expect(phases).toEqual(["connect", "identify", "stub", "read", "verify", "reset"]);
    const shares = events.flatMap((event) => (event.kind === "progress" ? [event.doneBytes] : []));
    expect(shares).toEqual([0x1fff, 0x2000]);
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test("goes by a partition's name, and to the end where no length is given", async () => {
    const bench = used(smallBoard());
    const store = await read(bench, { region: { partition: "store" } });
    expect(store.reading).toMatchObject({
      offset: 0xfe000,
      lengthBytes: 0x1000,
      md5: md5Of(content.subarray(0, 0x1000)),
    });
    const end = await read(bench, { region: { offset: 0xff000, lengthBytes: undefined } });
    expect(end.reading).toMatchObject({ offset: 0xff000, lengthBytes: 0x1000, md5: md5Of(content.subarray(0x1000)) });
    expect((await read(bench, { region: { partition: "nvs" } })).error).toMatchObject({
      code: "plan/no-partition",
      message: "The partition nvs shall be read, but the board's partition table has only store.",
    });
    expect((await read(smallBoard(), { region: { partition: "nvs" } })).error).toMatchObject({
      message: "The partition nvs shall be read, but the board has no partition table.",
    });
  });

  test.each([
    [0xff001, 0x1000, "4,096 bytes from 0x000ff001 on"],
    [0, 0, "0 bytes from 0x00000000 on"],
    [0x100000, undefined, "0x00100000 on"],
  ])("what lies beyond the flash is refused: %d, %p", async (offset, lengthBytes, words) => {
    expect((await read(smallBoard(), { region: { offset, lengthBytes } })).error).toMatchObject({
      code: "plan/out-of-range",
      message: `There is no such flash: ${words}, of 1,048,576 bytes.`,
      details: { flashBytes: 0x100000, offset: `0x${offset.toString(16).padStart(8, "0")}` },
    });
  });

  test("a reading that the chip's MD5 contradicts is thrown away and read anew", async () => {
    const { reading, messages } = await read(used(smallBoard("&fault=md5-wrong:2")), {});
    expect(reading).toMatchObject({ retries: 1, verified: true, md5: md5Of(content) });
    expect(messages.join("\n")).toMatch(
      new RegExp(`What was read has the MD5 ${md5Of(content)}, but the flash [0-9a-f]{32}\\. Going on`),
    );
  });

  test("goes on where the link broke", async () => {
    const { reading } = await read(used(smallBoard("&fault=link-lost-command:9")), {});
    expect(reading).toMatchObject({ retries: 1, verified: true, md5: md5Of(content) });
  });

  test("of an encrypted flash is told to be that", async () => {
    const { reading, messages } = await read(
      used(createJobBench("virtual:esp32?flash-size=1MB&security=flash-encryption")),
      {},
    );
    expect(reading?.verified).toBe(true);
    expect(messages).toContain("This board encrypts its flash: what is read is encrypted.");
  });

  test("at a rate that the board's link does not carry is done at a lower one, which nobody notes", async () => {
    const { reading, messages } = await read(used(smallBoard("&fault=noisy-above:115200")), { baud: "auto" });
    expect(reading?.verified).toBe(true);
    expect(messages.join("\n")).toContain("Going on from what is in place.");
    expect(messages.join("\n")).not.toContain("cannot be noted");
  });

  test("without an MD5 needs consent, and is then never called verified", async () => {
    const bench = used(createJobBench("virtual:esp8266?flash-size=1MB"));
    const { error } = await read(bench, { stub: false });
    expect(error).toMatchObject({
      code: "plan/unverified",
      message: "The loader of this ESP8266 computes no MD5, so what is read cannot be checked.",
    });
    const region = { offset: 0xfe000, lengthBytes: 0x100 };
    const allowed = await read(bench, { stub: false, region, allow: new Set(["unverified" as const]) });
    expect(allowed.reading).toMatchObject({ verified: false, md5: md5Of(content.subarray(0, 0x100)) });
    expect(allowed.events.some((event) => event.kind === "started" && event.phase === "verify")).toBe(false);
  });
});

describe("what a board tells of itself", () => {
  const info = async (url: string): Promise<BoardInfo> => {
    const bench = createJobBench(url);
    const transport = boardTransport(bench.board, "virtual");
    const deps = { clock: bench.clock, signal: new AbortController().signal, emit: () => undefined };
    const found = await bench.clock.run(readBoardInfo(transport, wish, deps));
    await transport.close();
    expect(bench.board.inDownloadMode).toBe(false);
    return found;
  };

  test("is asked of the ROM", async () => {
    expect(await info("virtual:esp32?flash-size=2MB")).toMatchObject({
      chip: "esp32",
      identity: { mac: smallBoardMac },
      flashId: expect.stringMatching(/^[0-9a-f]{4}15$/) as string,
      flashSizeBytes: 0x200000,
      baud: 115_200,
      security: { flashEncryption: false, secureDownload: false },
    });
  });

  const failing = async (
    url: string,
    changes: Partial<typeof wish>,
  ): Promise<{ phases: string[]; bench: JobBench }> => {
    const bench = createJobBench(url);
    const transport = boardTransport(bench.board, "virtual");
    const phases: string[] = [];
    const emit = (event: JobEvent): void => {
      if (event.kind === "started") phases.push(event.phase);
    };
    const deps = { clock: bench.clock, signal: new AbortController().signal, emit };
    await expect(bench.clock.run(readBoardInfo(transport, { ...wish, ...changes }, deps))).rejects.toThrow();
    await transport.close();
    return { phases, bench };
  };

  test("is not asked of another board, which runs its firmware again", async () => {
    const { bench } = await failing("virtual:esp32", { expectMac: "24:6f:28:00:00:02" });
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test("is not asked again and again of one that never answers", async () => {
    const other = await failing("virtual:esp32", { expectMac: "24:6f:28:00:00:02" });
    const silent = await failing("virtual:esp32?fault=silent", { connectAttempts: 1, before: "no-reset" });
    expect([other.phases, silent.phases]).toEqual([["connect", "identify"], ["connect"]]);
  });

  test("goes on after trouble, and in Secure Download Mode is little", async () => {
    expect(await info("virtual:esp32?flash-size=2MB&fault=link-lost-command:4")).toMatchObject({
      flashSizeBytes: 0x200000,
    });
    const secret = await info("virtual:esp32c3?security=secure-download");
    expect(secret).toMatchObject({ flashSizeBytes: undefined, security: { secureDownload: true } });
  });
});
