import { createHash } from "node:crypto";
import type { FlashRange } from "../../src/flash/job.js";
import type { Journal } from "../../src/flash/journal.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import type { Transport } from "../../src/transport/transport.js";
import { appImage, bootloaderImage, flashBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import { flashImage } from "../support/jobs.js";
import {
  dataBytes,
  dataOffset,
  holds,
  smallBoard,
  smallBoardMac,
  smallJob,
  startedPhases,
} from "../support/small-board.js";

const md5Of = (content: Uint8Array): string => createHash("md5").update(content).digest("hex");

/** Bootloader, table and app, with blank sectors between them. */
const merged = flashBytes(0xf000 + appImage().length, [
  { offset: 0, bytes: bootloaderImage() },
  {
    offset: 0x7000,
    bytes: buildPartitionTable([
      { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100000, flags: 0 },
    ]),
  },
  { offset: 0xf000, bytes: appImage() },
]);
const mergedJob = smallJob({ images: [flashImage("merged.bin", 0x1000, merged)], keepGaps: true });

describe("what a job tells", () => {
  test("of a board that has to be written: its phases in order, what it is, and what was done", async () => {
    const bench = smallBoard();
    const end = await bench.run(smallJob());
    expect(startedPhases(end)).toEqual(["connect", "identify", "stub", "baud", "compare", "write", "verify", "reset"]);
    expect(end.messages).toContainEqual(
      expect.stringMatching(/^ESP32-\S+ .*v\d\.\d, MAC 4c:11:ae:b9:90:54, crystal 40 MHz$/),
    );
    expect(end.messages).toContain("In place: 0 bytes of 12,288 bytes.");
    expect(end.result).toMatchObject({
      chip: "esp32",
      baud: 921_600,
      flashSizeBytes: 0x100000,
      bytesInPlace: 0,
      bytesToChange: 0x3000,
      bytesWritten: 0x3000,
      bytesErased: 0,
      skipped: false,
      verified: true,
      dryRun: false,
      resumed: false,
      retries: 0,
      lostPartitions: [],
      preservedPartitions: [],
    });
    expect(end.result?.images).toEqual([
      {
        name: "data.bin",
        sha256: flashImage("data.bin", dataOffset, dataBytes).sha256,
        offset: dataOffset,
        lengthBytes: 0x3000,
        writtenBytes: 0x3000,
        leftOutBytes: 0,
        md5: md5Of(dataBytes),
      },
    ]);
    expect(end.result?.phases.map(({ phase }) => phase)).toEqual(startedPhases(end));
    expect(holds(bench, dataOffset, dataBytes)).toBe(true);
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test("of one that is in order: nothing was done, and the digest is told all the same", async () => {
    const bench = smallBoard();
    await bench.run(smallJob());
    const end = await bench.run(smallJob());
    expect(startedPhases(end)).toEqual(["connect", "identify", "stub", "baud", "compare", "reset"]);
    expect(end.messages).toContain("In place: 12,288 bytes of 12,288 bytes.");
    expect(end.result).toMatchObject({
      bytesInPlace: 0x3000,
      bytesToChange: 0,
      bytesWritten: 0,
      bytesErased: 0,
      skipped: true,
      verified: true,
    });
    expect(end.result?.images).toMatchObject([{ writtenBytes: 0, leftOutBytes: 0, md5: md5Of(dataBytes) }]);
    expect(end.events.filter(({ kind }) => kind === "progress")).toEqual([]);
  });

  test("of a dry run: what would be done, and whether that is nothing", async () => {
    const bench = smallBoard();
    const before = bench.board.flash.bytes.slice();
    const first = await bench.run(smallJob({ dryRun: true }));
    expect(first.result).toMatchObject({
      dryRun: true,
      skipped: false,
      verified: false,
      bytesToChange: 0x3000,
      bytesWritten: 0,
      bytesErased: 0,
    });
    expect(first.result?.images).toMatchObject([{ writtenBytes: 0x3000, lengthBytes: 0x3000 }]);
    expect(first.result?.images[0]).not.toHaveProperty("md5");
    expect(Buffer.compare(bench.board.flash.bytes, before)).toBe(0);
    expect(bench.journal.notes.size).toBe(0);
    await bench.run(smallJob());
    const second = await bench.run(smallJob({ dryRun: true }));
    expect(second.result).toMatchObject({ dryRun: true, skipped: true, verified: true, bytesToChange: 0 });
  });

  test("of what is erased: bytes that shall be blank and are not, in commands that it counts", async () => {
    const bench = smallBoard();
    bench.board.flash.bytes.fill(0, 0x10000, 0x20000);
    const end = await bench.run(smallJob({ erase: "all" }));
    expect(end.result).toMatchObject({ bytesErased: 0x10000, bytesWritten: 0x3000, bytesToChange: 0x13000 });
    expect(startedPhases(end)).toContain("erase");
    expect(bench.board.flash.bytes.subarray(0, dataOffset).every((byte) => byte === 0xff)).toBe(true);
    const again = await bench.run(smallJob({ erase: "all" }));
    expect(again.result).toMatchObject({ skipped: true, bytesErased: 0 });
  });

  test("of progress: it never falls, stays below all until all is verified, and counts erases and writes", async () => {
    const bench = smallBoard();
    bench.board.flash.bytes.fill(0, 0x10000, 0x20000);
    const end = await bench.run(smallJob({ erase: "all" }));
    const shares = end.events.flatMap((event) => (event.kind === "progress" ? [event] : []));
    expect(shares.map(({ totalBytes }) => totalBytes)).toEqual(shares.map(() => 0x13000));
    const done = shares.map(({ doneBytes }) => doneBytes);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done[0]).toBe(0x10000);
    expect(done.at(-2)).toBe(0x12fff);
    expect(done.at(-1)).toBe(0x13000);
    const verifies = end.events.findIndex((event) => event.kind === "started" && event.phase === "verify");
    expect(end.events.slice(0, verifies)).not.toContainEqual({
      kind: "progress",
      doneBytes: 0x13000,
      totalBytes: 0x13000,
    });
  });

  test("of bytes: all that went to the board, over all tries", async () => {
    let sent = 0;
    const wrap = (transport: Transport): Transport => ({
      ...transport,
      write: (sending) => {
        sent += sending.length;
        return transport.write(sending);
      },
    });
    const end = await smallBoard("&fault=link-lost-command:12").run(smallJob(), { wrap });
    expect(end.result).toMatchObject({ retries: 1, verified: true, bytesSent: sent });
  });

  test("of a merged image whose gaps are kept: how much of it is left out, and no digest of the whole", async () => {
    const bench = createJobBench("virtual:esp32");
    const end = await bench.run(mergedJob);
    expect(end.code).toBe("success");
    expect(end.result?.images).toMatchObject([
      { lengthBytes: merged.length, leftOutBytes: 0xd000, writtenBytes: merged.length - 0xd000 },
    ]);
    expect(end.result?.images[0]).not.toHaveProperty("md5");
    expect(holds(bench, 0x1000, merged)).toBe(true);
  });
});

describe("the note about unfinished work", () => {
  const listening = (suspects: readonly FlashRange[] = []): { journal: Journal; told: string[] } => {
    const told: string[] = [];
    const text = (ranges: readonly FlashRange[]): string =>
      ranges.map(({ offset, lengthBytes }) => `${offset.toString(16)}+${lengthBytes.toString(16)}`).join(" ");
    const journal: Journal = {
      suspects: (mac) => (mac === smallBoardMac ? suspects : []),
      open: (mac, planned, underWay) => void told.push(`open ${mac} ${text(planned)} | ${text(underWay)}`),
      mark: (_mac, underWay) => void told.push(`mark ${text(underWay)}`),
      clear: (mac) => void told.push(`clear ${mac}`),
    };
    return { journal, told };
  };

  test("names all that will be erased and written, and goes when the board is in order", async () => {
    const bench = smallBoard();
    bench.board.flash.bytes.fill(0, 0x10000, 0x20000);
    const { journal, told } = listening();
    await bench.run(smallJob({ erase: "all" }), { journal });
    expect(told[0]).toBe(`open ${smallBoardMac} 10000+10000 80000+3000 | `);
    expect(told[1]).toBe("mark 10000+10000");
    expect(told).toContain("mark 80000+3000");
    expect(told.slice(-2)).toEqual(["mark ", `clear ${smallBoardMac}`]);
    expect(told.filter((line) => line.startsWith("open"))).toHaveLength(1);
  });

  test("of an earlier run: its sectors are erased anew though they read right, and stay noted until then", async () => {
    const bench = smallBoard();
    await bench.run(smallJob());
    const suspects = [
      { offset: dataOffset + 0x1000, lengthBytes: 0x1000 },
      { offset: 0x40000, lengthBytes: 0x1000 },
    ];
    const { journal, told } = listening(suspects);
    const end = await bench.run(smallJob(), { journal });
    expect(end.messages).toContain("An earlier run on this board did not end: 8,192 bytes are erased anew.");
    expect(end.result).toMatchObject({ resumed: true, bytesErased: 0x2000, bytesWritten: 0x1000, verified: true });
    expect(told[0]).toBe(`open ${smallBoardMac} 40000+1000 81000+1000 81000+1000 | 81000+1000 40000+1000`);
    expect(told[1]).toBe("mark 40000+1000 81000+1000");
    expect(told).toContain("mark 81000+1000");
    expect(told.at(-1)).toBe(`clear ${smallBoardMac}`);
    expect(holds(bench, dataOffset, dataBytes)).toBe(true);
  });

  test("about a gap that shall be kept refuses the job, and one about what is written does not", async () => {
    const bench = createJobBench("virtual:esp32");
    const { journal, told } = listening([{ offset: 0x9000, lengthBytes: 0x1000 }]);
    const end = await bench.run(mergedJob, { journal });
    expect(end.error).toMatchObject({
      code: "plan/preserve",
      message: "What shall be kept at 0x00009000 was left half done by an earlier run.",
    });
    expect(told).toEqual([]);
    const beside = listening([{ offset: 0x8000, lengthBytes: 0x1000 }]);
    expect((await bench.run(mergedJob, { journal: beside.journal })).result).toMatchObject({ resumed: true });
  });
});

describe("a job that writes whatever is there", () => {
  test("erases and writes what is in place already", async () => {
    const bench = smallBoard();
    await bench.run(smallJob());
    const end = await bench.run(smallJob({ rewrite: true }));
    expect(end.result).toMatchObject({ skipped: false, bytesErased: 0x3000, bytesWritten: 0x3000, verified: true });
    expect(holds(bench, dataOffset, dataBytes)).toBe(true);
  });
});
