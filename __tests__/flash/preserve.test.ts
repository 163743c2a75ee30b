import type { Allowance } from "../../src/flash/job.js";
import { preservedPartitions } from "../../src/flash/preserve.js";
import type { Tables } from "../../src/flash/preserve.js";
import type { Partition } from "../../src/image/partition-table.js";
import { thrownBy } from "../support/images.js";
import { flashJob } from "../support/jobs.js";

const nvs: Partition = { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x5000, flags: 0 };
const other: Partition = { ...nvs, name: "other", offset: 0xe000 };
const job = flashJob([], { preserve: ["nvs"] });

describe("a partition that shall be preserved", () => {
  test.each<[string, Tables]>([
    ["of the board alone", { ofJob: undefined, ofBoard: [other, nvs] }],
    ["of the job alone", { ofJob: [other, nvs], ofBoard: undefined }],
    ["of both, at the same place", { ofJob: [nvs], ofBoard: [{ ...nvs, subtype: 6 }] }],
  ])("is found in the table %s", (_, tables) => {
    expect(preservedPartitions(job, tables)).toMatchObject([{ name: "nvs", offset: 0x9000, lengthBytes: 0x5000 }]);
  });

  test.each<[string, Tables]>([
    ["neither the job nor the board has a partition table", { ofJob: undefined, ofBoard: undefined }],
    ["the board's table has no such partition", { ofJob: undefined, ofBoard: [other] }],
    ["the new table has no such partition", { ofJob: [other], ofBoard: undefined }],
    ["the board's table has no such partition", { ofJob: [nvs], ofBoard: [other] }],
    ["the new table drops it (the board has it from 0x00009000 to 0x0000e000)", { ofJob: [other], ofBoard: [nvs] }],
    [
      "the new table moves it from 0x00009000 to 0x0000e000 to 0x0000a000 to 0x0000f000",
      { ofJob: [{ ...nvs, offset: 0xa000 }], ofBoard: [nvs] },
    ],
    [
      "the new table moves it from 0x00009000 to 0x0000e000 to 0x00009000 to 0x0000d000",
      { ofJob: [{ ...nvs, lengthBytes: 0x4000 }], ofBoard: [nvs] },
    ],
  ])("is refused where %s, and left out where that is allowed", (why, tables) => {
    expect(thrownBy(() => preservedPartitions(job, tables))).toMatchObject({
      code: "plan/preserve",
      message: `The partition nvs cannot be preserved: ${why}.`,
      details: { partition: "nvs" },
    });
    const allowed = { ...job, allow: new Set<Allowance>(["preserve"]) };
    expect(preservedPartitions(allowed, tables)).toEqual([]);
    expect(preservedPartitions(allowed, { ofJob: undefined, ofBoard: [nvs] })).toEqual([nvs]);
  });
});
