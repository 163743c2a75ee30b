import { FlashError } from "../../src/base/errors.js";
import { createLineSetter } from "../../src/transport/serial-lines.js";
import type { SetLines } from "../../src/transport/serial-lines.js";

const onLinux = process.platform === "linux" ? test : test.skip;
const EN_LOW = { dtr: false, rts: true };
const IDLE = { dtr: false, rts: false };

/** A port of the addon whose `set` does what `outcome` says, and everything that is done to it. */
function bench(outcome: string | undefined, byIoctl: SetLines = () => undefined) {
  const done: string[] = [];
  const messages: string[] = [];
  const target = {
    fd: 7,
    set(state: object) {
      done.push(`addon ${JSON.stringify(state)}`);
      return outcome === undefined ? Promise.resolve() : Promise.reject(new Error(outcome));
    },
  };
  const load = (): Promise<SetLines> =>
    Promise.resolve((fileDescriptor, lines) => {
      done.push(`ioctl ${fileDescriptor} ${JSON.stringify(lines)}`);
      byIoctl(fileDescriptor, lines);
    });
  const failsToLoad = (): Promise<SetLines> => Promise.reject(new Error("no build for this machine"));
  return {
    done,
    messages,
    set: (lines: { dtr: boolean; rts: boolean }, setter = create(load)) => setter(target, lines),
    create,
    load,
    failsToLoad,
  };

  function create(loadIoctl: () => Promise<SetLines>): ReturnType<typeof createLineSetter> {
    return createLineSetter("/dev/ttyACM0", (text) => messages.push(text), loadIoctl);
  }
}

test("the addon sets the lines where it can, and is told everything", async () => {
  const { done, messages, set } = bench(undefined);
  await set(EN_LOW);

  expect(done).toEqual(['addon {"dtr":false,"rts":true,"brk":false,"cts":false,"lowLatency":true}']);
  expect(messages).toEqual([]);
});

onLinux.each([
  "Error: Operation not supported, cannot set",
  "Error: Not supported, cannot set",
  "Error: Inappropriate ioctl for device, cannot set",
])("after “%s” the ioctl sets them for good, and that is said once", async (words) => {
  const { done, messages, set, create, load } = bench(words);
  const setter = create(load);
  await set(EN_LOW, setter);
  await set(IDLE, setter);

  expect(done.slice(1)).toEqual(['ioctl 7 {"dtr":false,"rts":true}', 'ioctl 7 {"dtr":false,"rts":false}']);
  expect(messages).toEqual([expect.stringContaining("/dev/ttyACM0 knows no break signal")]);
});

test("a port that is gone is not taken for one without lines", async () => {
  const { set } = bench("Error: Input/output error, cannot set");

  await expect(set(EN_LOW)).rejects.not.toBeInstanceOf(FlashError);
  await expect(set(EN_LOW)).rejects.toThrow("Input/output error");
});

onLinux.each([
  ["ENOTTY", "port/no-lines"],
  ["EIO", undefined],
])("where the ioctl fails too, with %s, that decides", async (systemCode, code) => {
  const { messages, set } = bench("Error: Operation not supported, cannot set", () => {
    throw new Error(`TIOCMGET fails with ${systemCode}`);
  });
  const thrown: unknown = await set(EN_LOW).catch((error: unknown) => error);

  expect((thrown as { code?: string }).code).toBe(code);
  expect(String(thrown)).toContain(systemCode);
  expect(messages).toEqual([]);
});

onLinux("where the way around does not load, both reasons are told", async () => {
  const { messages, set, create, failsToLoad } = bench("Error: Operation not supported, cannot set");
  const setting = set(EN_LOW, create(failsToLoad));

  await expect(setting).rejects.toMatchObject({ code: "port/no-lines" });
  await expect(setting).rejects.toThrow(/Operation not supported.*no build for this machine/);
  expect(messages).toEqual([]);
});
