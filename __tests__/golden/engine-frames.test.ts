import { readFileSync } from "node:fs";
import { toHex } from "../../src/base/bytes.js";
import { encodeFrame } from "../../src/protocol/slip.js";
import { dialectOf, rebuild } from "../support/rebuild-frame.js";
import { framesIn, readTrace, traceNames, tracesAreHere } from "../support/traces.js";

interface GoldenFrame {
  readonly trace: string;
  readonly loader: "rom" | "stub";
  readonly hex: string;
}

const golden = JSON.parse(readFileSync(new URL("host-frames.json", import.meta.url), "utf8")) as GoldenFrame[];

describe("the engine's frames are those that esptool sent to a real ROM and stub", () => {
  test.each(golden)("$trace, $loader: $hex", ({ trace, loader, hex }) => {
    const [content] = framesIn(Buffer.from(hex, "hex"));
    expect(content).toBeDefined();
    expect(toHex(encodeFrame(rebuild(content ?? new Uint8Array(), dialectOf(trace, loader))))).toBe(hex);
  });
});

const MEM_END = 0x06;
const whole = tracesAreHere ? describe : describe.skip;

whole("every frame of every recording, data blocks and the stub's upload included (needs ../shared/traces)", () => {
  test.each(traceNames())("%s", (name) => {
    let loader: "rom" | "stub" = "rom";
    const events = readTrace(name);
    let frames = 0;
    for (const event of events) {
      if (event.what === "reset") loader = "rom";
      if (event.what !== "host") continue;
      for (const content of framesIn(event.bytes)) {
        expect(toHex(rebuild(content, dialectOf(name, loader)))).toBe(toHex(content));
        frames++;
        if (content[1] === MEM_END) loader = "stub";
      }
    }
    expect(frames > 0).toBe(events.some((event) => event.what === "host"));
  });
});
