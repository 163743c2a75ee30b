import fc from "fast-check";
import {
  createTelnetDecoder,
  encodeComPort,
  encodeTelnetData,
  encodeTelnetOption,
  telnetOptions,
} from "../../src/transport/telnet.js";
import type { TelnetEvent } from "../../src/transport/telnet.js";

/** Events of a stream cut into chunks, with neighbouring data joined. */
function decode(stream: Uint8Array, chunkBytes: number): TelnetEvent[] {
  const decoder = createTelnetDecoder();
  const events: TelnetEvent[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) {
    for (const event of decoder.push(stream.subarray(at, at + chunkBytes))) {
      const last = events.at(-1);
      if (event.kind === "data" && last?.kind === "data") {
        events[events.length - 1] = { kind: "data", bytes: Buffer.concat([last.bytes, event.bytes]) };
      } else {
        events.push(event);
      }
    }
  }
  return events;
}

describe("telnet", () => {
  test("data of any bytes comes through between options and requests, however it is cut", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.uint8Array({ maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        (data, value, chunkBytes) => {
          const stream = Buffer.concat([
            encodeTelnetOption("will", telnetOptions.binary),
            encodeTelnetData(data),
            encodeComPort(1, value),
            encodeTelnetData(data),
          ]);
          const bytes = (part: Uint8Array): string => Buffer.from(part).toString("hex");
          const seen = decode(stream, chunkBytes).map((event) => {
            if (event.kind === "data") return bytes(event.bytes);
            return event.kind === "option"
              ? `${event.verb} ${event.option}`
              : `${event.option} ${bytes(event.payload)}`;
          });
          expect(seen).toEqual(["will 0", bytes(data), `44 01${bytes(value)}`, bytes(data)]);
        },
      ),
    );
  });

  test("commands that carry nothing are passed over", () => {
    expect(decode(Uint8Array.of(1, 255, 241, 2), 1)).toEqual([{ kind: "data", bytes: Buffer.from([1, 2]) }]);
  });
});
