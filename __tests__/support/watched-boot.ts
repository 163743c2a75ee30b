import { sleep } from "../../src/base/clock.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { chips } from "../../src/chips/index.js";
import { hardReset } from "../../src/device/reset.js";
import type { BootReport, SeenApp } from "../../src/monitor/report.js";
import { startBootWatch } from "../../src/monitor/watch-boot.js";
import { createBoard } from "../../src/virtual/board.js";
import { defaultBoardOptions } from "../../src/virtual/board-options.js";
import type { BoardOptions } from "../../src/virtual/board-options.js";
import type { SiliconName } from "../../src/virtual/silicon-table.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { usualRules } from "./scripted-console.js";

/** Resets a virtual board that holds `content` at its bootloader's place, as a step does. */
export async function bootOf(
  chip: SiliconName,
  content: Uint8Array,
  rules: { readonly app?: SeenApp } = {},
  changes: Partial<BoardOptions> = {},
): Promise<BootReport> {
  const clock = new VirtualClock();
  const board = createBoard({ ...defaultBoardOptions, chip, ...changes }, clock);
  board.flash.bytes.set(content, chips[chip].bootloaderOffset);
  const transport = boardTransport(board, `virtual:${chip}`);
  const { signal } = new AbortController();
  // As boards do, it runs before anybody resets it.
  await clock.run(sleep(clock, 50));
  const report = await clock.run(
    startBootWatch(transport, { ...usualRules, ...rules, chip }, { clock, signal }).then(async (watch) => {
      await hardReset(transport, clock);
      watch.restarted();
      return watch.report;
    }),
  );
  await transport.close();
  board.close();
  return report;
}
