import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";
import { patternBytes } from "../support/images.js";
import { untilLogged } from "../support/running-step.js";

/** `KILLS=20` makes it the whole campaign; the usual number keeps the tests short. */
const kills = Number(process.env.KILLS ?? "4");
const seed = Number(process.env.SEED ?? "1");

const firmware = buildDemoFirmware(esp32);
const wanted = new Uint8Array(0x400000).fill(0xff);
wanted.set(firmware, 0x1000);

/** A board in use, so that there is much to erase. */
const used = new Uint8Array(0x400000).fill(0xff);
used.set(buildDemoFirmware(esp32, 1), 0x1000);
used.set(patternBytes(0x90000, 3), 0x180000);

let action: BuiltAction;
beforeEach(() => {
  action = installBuiltAction();
});
afterEach(() => action.end());

/** From the first erase to the end of the verification, at this speed. */
const WORK_MS = 1000;

interface SideState {
  readonly erasing?: object;
  readonly weakSectors: readonly number[];
}

/** In the virtual board a killed process is a lost supply, too: an erase that it cuts short leaves weak sectors. */
test(
  `killed at ${kills} moments: the next run ends with the planned flash and no weak sector`,
  async () => {
    const board = path.join(action.workspace, "board.bin");
    const sideFile = `${board}.state.json`;
    const side = (): SideState => JSON.parse(readFileSync(sideFile, "utf8").trim()) as SideState;
    writeFileSync(path.join(action.workspace, "demo.bin"), firmware);
    const inputs = { port: `virtual:esp32?flash=${board}&timing=modelled&speed=4`, "firmware-url": "demo.bin" };
    const figures: string[] = [];
    let weakSeen = 0;
    for (let kill = 0; kill < kills; kill++) {
      writeFileSync(board, used);
      writeFileSync(sideFile, "");
      const afterMs = ((kill + 1) * 2_654_435_761 * seed) % WORK_MS;
      const step = action.start(inputs);
      await untilLogged(step, "::group::Erase");
      const timer = setTimeout(() => step.child.kill("SIGKILL"), afterMs);
      const first = await step.finished;
      clearTimeout(timer);
      const { erasing, weakSectors } = side();
      const cutShort = weakSectors.length + (erasing === undefined ? 0 : 1);
      weakSeen += cutShort;

      const second = await action.run(inputs);
      expect(second.log).not.toContain("::error");
      expect(second.exitCode).toBe(0);
      expect(second.outputs.verified).toBe("true");
      expect(Buffer.compare(readFileSync(board), wanted)).toBe(0);
      expect(side()).toEqual({ weakSectors: [] });
      const inPlace = /In place: ([\d,]+) bytes of/.exec(second.log)?.[1];
      expect(inPlace).toBeDefined();
      figures.push(`${afterMs} ms: ${first.signal ?? "ended"}, cut short ${cutShort}, then ${inPlace ?? ""} in place`);
    }
    if (kills >= 20) expect(weakSeen).toBeGreaterThan(0);
    if (process.env.SHOW_FIGURES === "1") console.log(figures.join("\n"));
  },
  60_000 + kills * 30_000,
);
