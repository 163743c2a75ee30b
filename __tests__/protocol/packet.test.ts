import fc from "fast-check";
import { decodeReply, dataChecksum, encodeRequest, readReply } from "../../src/protocol/packet.js";
import { memoryData, sync } from "../../src/protocol/system-commands.js";
import { chipEraseTimeoutMs, eraseTimeoutMs, md5TimeoutMs, writeTimeoutMs } from "../../src/protocol/timeouts.js";
import { describeStatus, isChecksumFailure, isUnsupported } from "../../src/protocol/status-codes.js";

function read(hex: string, replyLength: number): ReturnType<typeof readReply> {
  const reply = decodeReply(Buffer.from(hex, "hex"));
  return reply === undefined ? undefined : readReply(reply, replyLength);
}

describe("replies", () => {
  test("a ROM's two reserved bytes behind the status do not disturb it", () => {
    expect(read("010a0400831df00000000000", 0)).toMatchObject({ value: 0x00f01d83, status: 0 });
  });

  test("a stub's reply has two status bytes only", () => {
    expect(read("010a02004000008000" + "00", 0)).toMatchObject({ value: 0x80000040, status: 0 });
  });

  test("an MD5 in ASCII and one in raw bytes, each found before its status", () => {
    const ascii = Buffer.from("6d1ae4306a8592db389f1177489dd5aa", "latin1").toString("hex");
    expect(Buffer.from(read(`0113240000001000${ascii}00000000`, 32)?.data ?? []).toString("latin1")).toBe(
      "6d1ae4306a8592db389f1177489dd5aa",
    );
    expect(read("011312000000000042c41b71d4ed55ae9ee60ee1f82277620000", 16)?.data).toHaveLength(16);
  });

  test("a refusal comes without the data that was asked for, and is still a refusal", () => {
    expect(read("0113020000000000c400", 16)).toMatchObject({ status: 0xc400 });
    expect(read("01130400000000000105" + "0000", 32)).toMatchObject({ status: 0x0105 });
  });

  test("a reply that is shorter than its data is no answer", () => {
    expect(read("01130200000000000000", 16)).toBeUndefined();
  });

  test("a failure status right behind the data is seen", () => {
    for (const content of ["00", "11"]) {
      const failed = read("0113120000000000" + content.repeat(16) + "c400", 16);
      expect(failed?.status).toBe(0xc400);
      expect(failed?.data).toHaveLength(0);
    }
  });

  test("data without a status behind them are no answer", () => {
    expect(read("0113100000000000" + "00".repeat(16), 16)).toBeUndefined();
    expect(read("0113110000000000" + "00".repeat(17), 16)).toBeUndefined();
  });

  test("a success right behind the data, with nothing after it", () => {
    expect(read("0113120007000000" + "11".repeat(16) + "0000", 16)).toMatchObject({ value: 7, status: 0 });
  });

  test("a refusal without data, whatever the answer would have carried", () => {
    expect(read("010a0400000000000106" + "0000", 0)).toMatchObject({ status: 0x0106, data: new Uint8Array(0) });
    expect(read("0114020000000000c300", 20)).toMatchObject({ status: 0xc300, data: new Uint8Array(0) });
  });

  test("a zero first byte is no failure, whatever the second one says", () => {
    expect(read("010a0400000000000005" + "0000", 0)).toMatchObject({ status: 0 });
  });

  test.each([
    ["too short for a header and a status", "010a0000000000"],
    ["one byte short of its status", "010a010000000000" + "00"],
    ["a request, not a reply", "000a0200000000000000"],
    ["longer than it says", "010a020000000000000000"],
    ["shorter than it says", "010a0400000000000000"],
    ["four bytes of greeting", "4f484149"],
  ])("%s: no reply", (_what, hex) => {
    expect(decodeReply(Buffer.from(hex, "hex"))).toBeUndefined();
  });

  test("a reply's number, value and body are told apart", () => {
    expect(decodeReply(Buffer.from("01130300040302010a0b0c", "hex"))).toMatchObject({
      op: 0x13,
      value: 0x01020304,
      body: Buffer.from("0a0b0c", "hex"),
    });
  });

  test("no bytes at all make the decoder throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(0, 16, 20, 32, 64), (bytes, length) => {
        const decoded = decodeReply(bytes);
        if (decoded !== undefined) readReply(decoded, length);
      }),
    );
  });
});

describe("requests", () => {
  test("SYNC is the 36 bytes of the protocol's description", () => {
    const hex = Buffer.from(encodeRequest(sync())).toString("hex");
    expect(hex).toBe("0008240000000000" + "07071220" + "55".repeat(32));
  });

  test("the checksum covers the data alone, seeded with EF", () => {
    expect(dataChecksum(Uint8Array.of())).toBe(0xef);
    expect(memoryData(Uint8Array.of(0xef, 0x01), 0).checksum).toBe(0x01);
  });
});

describe("timeouts", () => {
  test("a block that inflates to megabytes gets the time to write them", () => {
    expect(writeTimeoutMs(16 * 1024 * 1024)).toBeGreaterThan(16 * 40_000);
    expect(writeTimeoutMs(100)).toBeGreaterThanOrEqual(3000);
  });

  test("an MD5 of a whole flash gets 8 s a megabyte", () => {
    expect(md5TimeoutMs(4_000_000)).toBe(32_000);
    expect(md5TimeoutMs(10)).toBe(3000);
  });
});

test("an erase gets 40 s a megabyte, a whole chip half of that and at least two minutes", () => {
  expect([10, 1_000_000].map(eraseTimeoutMs)).toEqual([3000, 40_000]);
  expect([4_000_000, 16_000_000].map(chipEraseTimeoutMs)).toEqual([120_000, 320_000]);
});

test("a block may have to wait for the erase of 64 KiB for each 32 KiB, and of one more", () => {
  expect(writeTimeoutMs(0x8000)).toBe(((0x8000 + 2 * 0x10000) * 40_000) / 1e6);
  expect(writeTimeoutMs(0x8001)).toBe(((0x8001 + 3 * 0x10000) * 40_000) / 1e6);
});

test.each([
  ...Array.from({ length: 0x10 }, (_, index) => 0x0100 + index),
  ...Array.from({ length: 6 }, (_, index) => 0x0164 + index),
  ...Array.from({ length: 10 }, (_, index) => 0xc000 + index * 0x100),
  0xff00,
])("status %d is told in words of its own", (status) => {
  const number = `0x${status.toString(16).padStart(4, "0")}`;
  expect(describeStatus(status)).toMatch(new RegExp(`^${number}: [a-zA-Z ]{5}`));
  expect(describeStatus(status)).not.toContain("not documented");
});

test("only a wrong checksum allows to send the block again, only an unknown command to do without it", () => {
  const all = [0x0101, 0x0105, 0x0107, 0xc000, 0xc100, 0xc300, 0xc400, 0xff00];
  expect(all.filter(isChecksumFailure)).toEqual([0x0107, 0xc100]);
  expect(all.filter(isUnsupported)).toEqual([0x0105, 0xc300, 0xff00]);
});

test("a status without an entry is still told by its number", () => {
  expect(describeStatus(0x0142)).toBe("0x0142: a reason that is not documented");
});
