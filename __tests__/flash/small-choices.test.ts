import { FlashError } from "../../src/base/errors.js";
import type { PreparedForms } from "../../src/flash/prepare.js";
import { dataBytes, dataOffset, holds, smallBoard, smallBoardMac, smallJob } from "../support/small-board.js";

describe("a job that is chosen once the board has answered", () => {
  const wish = smallJob();

  test("is asked for by chip and MAC, once, also where the link is lost afterwards", async () => {
    const asked: unknown[] = [];
    const choose = (board: unknown): typeof wish => {
      asked.push(board);
      return wish;
    };
    const bench = smallBoard("&fault=write-fails:1");
    const end = await bench.run({ wish, choose });
    expect(end.result).toMatchObject({ verified: true, retries: 1 });
    expect(asked).toEqual([{ chip: "esp32", mac: smallBoardMac }]);
    expect(holds(bench, dataOffset, dataBytes)).toBe(true);
  });

  test("may be none: nothing is changed, and the board runs its firmware again", async () => {
    const bench = smallBoard();
    const choose = (): never => {
      throw new FlashError("plan/no-firmware", "Nothing for this chip.");
    };
    const end = await bench.run({ wish, choose });
    expect(end.code).toBe("plan/no-firmware");
    expect(bench.board.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test("is never asked for where the board does not answer, and that is told", async () => {
    const choose = (): never => {
      throw new Error("must not be asked");
    };
    const end = await smallBoard("&fault=silent").run({ wish: { ...wish, connectAttempts: 1 }, choose });
    expect(end.code).toMatch(/^connect\//);
  });
});

test.each([
  ["has succeeded", ""],
  ["has failed", "&fault=silent"],
])("what is prepared beforehand is ended when the job %s", async (_what, faults) => {
  const ended: string[] = [];
  const prepare = (job: { readonly images: readonly { readonly name: string }[] }): PreparedForms => ({
    find: () => undefined,
    stop: () => void ended.push(job.images.map(({ name }) => name).join()),
  });
  await smallBoard(faults).run(smallJob({ connectAttempts: 1 }), { prepare });
  expect(ended).toEqual(["data.bin"]);
});
