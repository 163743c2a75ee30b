import { chipNames, chips } from "../../src/chips/index.js";
import { connect } from "../../src/device/connect.js";
import { createDeviceBench } from "../support/device-bench.js";

const WITHOUT_SYNC = { before: "no-reset-no-sync", attempts: 1, baud: 115_200 } as const;

test.each(chipNames)("%s: without a sync, ROM and stub are told apart by their answers", async (name) => {
  const bench = createDeviceBench(`virtual:${name}`);
  await bench.openRom();
  expect((await bench.run(() => connect(bench.connection, WITHOUT_SYNC))).loader).toBe("rom");
  if (chips[name].loadStub === undefined) return;
  const withStub = createDeviceBench(`virtual:${name}`);
  await withStub.openStub();
  expect((await withStub.run(() => connect(withStub.connection, WITHOUT_SYNC))).loader).toBe("stub");
});
