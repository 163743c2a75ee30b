import fc from "fast-check";
import { decodeReply, dataChecksum, encodeRequest, readReply } from "../../src/protocol/packet.js";
import { memoryData, sync } from "../../src/protocol/system-commands.js";
import { md5TimeoutMs, writeTimeoutMs } from "../../src/protocol/timeouts.js";
import { describeStatus } from "../../src/protocol/status-codes.js";

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
    expect(read("0113120000000000" + "00".repeat(16) + "c400", 16)).toMatchObject({ status: 0xc400 });
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

test("a status without an entry is still told by its number", () => {
  expect(describeStatus(0x0142)).toContain("0x0142");
});
