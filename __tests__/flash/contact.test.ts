import { FlashError } from "../../src/base/errors.js";
import type { Transport } from "../../src/transport/transport.js";
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import type { JobBench } from "../support/job-bench.js";
import { smallBoard, smallJob } from "../support/small-board.js";

const job = smallJob({ connectAttempts: 2 });
const bench = (): JobBench => smallBoard("&mac=24:6f:28:00:00:01");

/** What has been done to a board that hears nothing until it `isCured`. */
interface Care {
  reopened: number;
  baud: number;
  cycled: number;
}

function deaf(care: Care, isCured: () => boolean): (transport: Transport) => Transport {
  return (transport) => ({
    ...transport,
    write: (bytes) => (isCured() ? transport.write(bytes) : Promise.resolve()),
    setBaudRate(baud) {
      care.baud = baud;
      return transport.setBaudRate(baud);
    },
    reopen() {
      care.reopened++;
      return transport.reopen();
    },
  });
}

const cures: readonly { readonly what: string; readonly isCured: (care: Care) => boolean; readonly care: object }[] = [
  { what: "opening the port anew", isCured: ({ reopened }) => reopened > 0, care: { reopened: 1, cycled: 0 } },
  { what: "a lower rate", isCured: ({ baud }) => baud < 115_200, care: { reopened: 1, cycled: 0 } },
  { what: "its power switched off and on", isCured: ({ cycled }) => cycled > 0, care: { reopened: 2, cycled: 1 } },
];

test.each(cures)("a board that answers after $what", async ({ isCured, care: expected }) => {
  const care: Care = { reopened: 0, baud: 0, cycled: 0 };
  let isAwake = false;
  const end = await bench().run(
    { ...job, baud: 115_200 },
    {
      wrap: deaf(care, () => (isAwake ||= isCured(care))),
      powerCycle: () => Promise.resolve(`switched ${++care.cycled} time`),
    },
  );
  expect(end.code).toBe("success");
  expect(end.result?.verified).toBe(true);
  expect(care).toMatchObject(expected);
});

test("where nothing helps, the error has the first verdict and all that was tried, in order", async () => {
  const care: Care = { reopened: 0, baud: 0, cycled: 0 };
  const end = await bench().run(job, {
    wrap: deaf(care, () => false),
    powerCycle: () => Promise.resolve("uhubctl to switch the power ended with 1"),
  });
  expect(end.code).toBe("connect/no-reply");
  expect(end.error?.message).toMatch(
    /Tried: reset and called 2 times at 115200 baud; opened the port anew; called at 57600 baud; uhubctl .* ended with 1\.$/,
  );
  expect(end.events).toContainEqual({
    kind: "message",
    level: "warning",
    text: "The board does not answer: its power is switched off and on.",
  });
  expect(end.lines).toEqual({ dtr: false, rts: false });
});

test("a board that is to be in its loader already is not switched off", async () => {
  const care: Care = { reopened: 0, baud: 0, cycled: 0 };
  const end = await smallBoard("&boot=download").run(
    { ...job, before: "no-reset" },
    { wrap: deaf(care, () => false), powerCycle: () => Promise.reject(new Error("must not be asked")) },
  );
  expect(end.code).toMatch(/^connect\//);
  expect(care).toMatchObject({ reopened: 0, cycled: 0 });
});

test("a board with another MAC is refused before anything is changed", async () => {
  const board = bench();
  const heard: string[] = [];
  const onIdentified = (mac: string): Promise<void> => Promise.resolve(void heard.push(mac));
  const wrong = await board.run({ ...job, expectMac: "24:6f:28:00:00:02" }, { onIdentified });
  expect(wrong.error).toMatchObject({
    code: "chip/wrong-board",
    message: expect.stringMatching(/has the MAC 24:6f:28:00:00:01, not 24:6f:28:00:00:02\.$/) as string,
    details: { found: "24:6f:28:00:00:01", wanted: "24:6f:28:00:00:02", mac: "24:6f:28:00:00:01" },
  });
  expect(heard).toEqual([]);
  expect(board.board.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
  const right = await board.run({ ...job, expectMac: "24:6f:28:00:00:01" }, { onIdentified });
  expect(right.code).toBe("success");
  expect(heard).toEqual(["24:6f:28:00:00:01"]);
});

test("a board that is another job's by its MAC is not touched", async () => {
  const board = bench();
  const held = new FlashError("lock/timeout", "held by another job");
  const end = await board.run(job, { onIdentified: () => Promise.reject(held) });
  expect(end.code).toBe("lock/timeout");
  expect(board.board.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
});

test("a board that was swapped in the midst of the job is left alone", async () => {
  const first = smallBoard("&mac=24:6f:28:00:00:01&fault=link-lost-command:12");
  const other = createBoard(parseBoardOptions("virtual:esp32?flash-size=1MB&mac=24:6f:28:00:00:02"), first.clock);
  const otherPort = boardTransport(other, "other");
  const end = await first.run(job, {
    wrap: (port) => {
      let current = port;
      return {
        ...port,
        write: (bytes) => current.write(bytes),
        setSignals: (lines) => current.setSignals(lines),
        confirm: () => current.confirm(),
        setBaudRate: (baud) => current.setBaudRate(baud),
        subscribe: (listener) => current.subscribe(listener),
        reopen() {
          current = otherPort;
          return Promise.resolve();
        },
      };
    },
  });
  expect(end.error).toMatchObject({
    code: "port/other-board",
    message: expect.stringMatching(/was 24:6f:28:00:00:01; now 24:6f:28:00:00:02 answers there\.$/) as string,
    details: { found: "24:6f:28:00:00:02" },
  });
  expect(other.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
});
