import { FlashError } from "../../src/base/errors.js";
import type { KnownRate } from "../../src/flash/baud-memory.js";
import type { Journal } from "../../src/flash/journal.js";
import type { TransportCapabilities, Transport, TransportListener } from "../../src/transport/transport.js";
import { createJobBench } from "../support/job-bench.js";
import { smallBoard, smallJob } from "../support/small-board.js";

// A CH340, which is known to carry 2,000,000 baud.
const fastBridge = { usb: { vendorId: 0x1a86, productId: 0x7523 } };

function withCapabilities(changes: Partial<TransportCapabilities>): (transport: Transport) => Transport {
  return (transport) => ({ ...transport, capabilities: { ...transport.capabilities, ...changes } });
}

/** A note of rates in memory. */
function remembering(): { readonly noted: KnownRate[]; readonly journal: Journal } {
  const noted: KnownRate[] = [];
  const bauds = { recall: () => undefined, note: (_mac: string, rate: KnownRate) => void noted.push(rate) };
  return { noted, journal: { ...smallBoard().journal, bauds } };
}

/** Bytes get lost above this rate, both ways. */
function carriesUpTo(limitBaud: number): (transport: Transport) => Transport {
  return (transport) => {
    let isCarried = true;
    return {
      ...transport,
      setBaudRate(baud) {
        isCarried = baud <= limitBaud;
        return transport.setBaudRate(baud);
      },
      write: (bytes) => (isCarried ? transport.write(bytes) : Promise.resolve()),
    };
  };
}

test("a line that carries no more than the lowest rate of the first contact carries the job at that", async () => {
  const end = await smallBoard().run(smallJob({ connectAttempts: 2 }), { wrap: carriesUpTo(57_600) });
  expect(end.code).toBe("success");
  expect(end.result).toMatchObject({ baud: 57_600, verified: true });
});

test.each([
  ["usual", {}],
  ["fast", fastBridge],
])(
  "blocks that get lost above 115200 baud, where questions do not, end no job: a %s bridge",
  async (_, capabilities) => {
    const [flashData, deflateData] = [0x03, 0x11];
    const end = await smallBoard().run(smallJob(), {
      wrap(transport) {
        let isFast = false;
        return withCapabilities(capabilities)({
          ...transport,
          setBaudRate(baud) {
            isFast = baud > 115_200;
            return transport.setBaudRate(baud);
          },
          write(bytes) {
            const isBlock = bytes[2] === flashData || bytes[2] === deflateData;
            return isFast && isBlock ? Promise.resolve() : transport.write(bytes);
          },
        });
      },
    });
    expect(end.result).toMatchObject({ verified: true, baud: 115_200 });
  },
);

describe("trouble that a lower rate cannot mend leaves no note", () => {
  const faults = "&fault=stub-dies:6";

  test("as the job never left the rate of the first contact", async () => {
    const { noted, journal } = remembering();
    const end = await smallBoard("&fault=to-host-drop:900").run(smallJob({ stub: false }), { journal });
    expect(end.result).toMatchObject({ verified: true, retries: 1 });
    expect(noted).toEqual([]);
  });

  test("as the port has no rate", async () => {
    const { noted, journal } = remembering();
    const wrap = withCapabilities({ baudRate: false });
    const end = await smallBoard(faults).run(smallJob(), { journal, wrap });
    expect(end.result).toMatchObject({ verified: true, retries: 1 });
    expect(noted).toEqual([]);
  });

  test("as the rate means nothing on the chip's own USB port", async () => {
    const { noted, journal } = remembering();
    const end = await createJobBench(`virtual:esp32c3?usb=jtag${faults}`).run(smallJob({ chip: "esp32c3" }), {
      journal,
    });
    expect(end.result).toMatchObject({ verified: true, retries: 1 });
    expect(noted).toEqual([]);
  });
});

test("a port that was lost before the job began is opened anew", async () => {
  const bench = smallBoard();
  let isLost = true;
  const lost = (): Promise<never> => Promise.reject(new FlashError("port/lost", "unplugged a while ago"));
  const end = await bench.run(smallJob(), {
    wrap: (transport) => ({
      ...transport,
      write: (bytes) => (isLost ? lost() : transport.write(bytes)),
      setSignals: (lines) => (isLost ? lost() : transport.setSignals(lines)),
      setBaudRate: (baud) => (isLost ? lost() : transport.setBaudRate(baud)),
      reopen() {
        isLost = false;
        return transport.reopen();
      },
    }),
  });
  expect(end.code).toBe("success");
});

test.each([120, 160, 300])(
  "a network that takes %d ms there and back costs neither the rate nor a try",
  async (rttMs) => {
    const bench = smallBoard();
    const sent: Uint8Array[] = [];
    const later = (act: () => unknown): Promise<void> => {
      bench.clock.schedule(rttMs / 2, act);
      return Promise.resolve();
    };
    const end = await bench.run(smallJob(), {
      wrap: (transport) => ({
        ...transport,
        write(sending) {
          const bytes = sending.slice();
          sent.push(bytes);
          return later(() => transport.write(bytes));
        },
        setSignals: (lines) => later(() => transport.setSignals(lines)),
        setBaudRate: (baud) => later(() => transport.setBaudRate(baud)),
        subscribe: (listener) =>
          transport.subscribe({ ...listener, data: (bytes) => void later(() => listener.data(bytes)) }),
      }),
    });
    expect(end.result).toMatchObject({ verified: true, retries: 0, baud: 921_600 });
    // The word that is asked for on trial, taken for a register's and written back there.
    expect(Buffer.concat(sent).toString("hex")).not.toContain("831df000");
  },
);

test("a cancelled job ends though the port takes no bytes", async () => {
  let writes = 0;
  const reason = new FlashError("job/cancelled", "cancelled by hand");
  const end = await smallBoard().run(smallJob(), {
    wrap: (transport) => ({
      ...transport,
      write: (bytes) => (++writes > 20 ? new Promise(() => undefined) : transport.write(bytes)),
    }),
    abort: { afterMs: 60_000, reason },
  });
  expect(end.code).toBe("job/cancelled");
  expect(end.lines).toEqual({ dtr: false, rts: false });
});

describe("a link that breaks at any call is opened anew, and the board runs at the end", () => {
  const moments = Array.from({ length: 15 }, (_, index) => 1 + index * 4);

  test.each([
    ["at once", true],
    ["only to who uses it", false],
  ])("as it says so %s", async (_, tells) => {
    for (const moment of moments) {
      const bench = smallBoard();
      const listeners = new Set<TransportListener>();
      const lost = new FlashError("port/lost", "unplugged");
      let calls = 0;
      let isLost = false;
      const end = await bench.run(smallJob(), {
        wrap(transport) {
          const call = (act: () => Promise<void>): Promise<void> => {
            if (++calls === moment) {
              isLost = true;
              if (tells) queueMicrotask(() => listeners.forEach((listener) => listener.closed(lost)));
            }
            return isLost ? Promise.reject(lost) : act();
          };
          return {
            ...transport,
            write: (bytes) => call(() => transport.write(bytes)),
            setSignals: (lines) => call(() => transport.setSignals(lines)),
            setBaudRate: (baud) => call(() => transport.setBaudRate(baud)),
            confirm: () => call(() => transport.confirm()),
            subscribe(listener) {
              listeners.add(listener);
              const unsubscribe = transport.subscribe(listener);
              return () => {
                listeners.delete(listener);
                unsubscribe();
              };
            },
            reopen() {
              isLost = false;
              return transport.reopen();
            },
          };
        },
      });
      expect({ moment, code: end.code, lines: end.lines, inLoader: bench.board.inDownloadMode }).toEqual({
        moment,
        code: "success",
        lines: { dtr: false, rts: false },
        inLoader: false,
      });
      expect(calls).toBeGreaterThan(moment);
    }
  });
});

describe("a stub that an earlier job left running is found", () => {
  const leave = smallJob({ after: "no-reset-stub" });

  test.each([
    ["at the highest rate of a fast bridge", {}, 2_000_000],
    ["at a rate by name", { baud: 1_500_000 }, 1_500_000],
  ] as const)("%s", async (_, changes, baud) => {
    const bench = smallBoard();
    const wrap = withCapabilities(fastBridge);
    const first = await bench.run({ ...leave, ...changes }, { wrap });
    expect(first.result).toMatchObject({ baud, verified: true });
    const end = await bench.run(smallJob({ ...changes, before: "no-reset" }), { wrap });
    expect(end.code).toBe("success");
  });

  test("though the port cannot be set to a rate that is tried first", async () => {
    const bench = smallBoard();
    await bench.run({ ...leave, baud: 460_800 });
    const end = await bench.run(smallJob({ before: "no-reset", baud: 460_800 }), {
      wrap: (transport) => ({
        ...transport,
        setBaudRate: (baud) =>
          baud > 460_800
            ? Promise.reject(new FlashError("device/baud", "runs at 460800 baud"))
            : transport.setBaudRate(baud),
      }),
    });
    expect(end.code).toBe("success");
  });
});

test("an answer to the stub's start that comes late is not taken for its greeting", async () => {
  const bench = smallBoard();
  const end = await bench.run(smallJob(), {
    wrap(transport) {
      let delayMs = 0;
      return {
        ...transport,
        write(bytes) {
          // From MEM_END on, all that comes takes longer than that is waited for.
          if (bytes[0] === 0xc0 && bytes[2] === 0x06) delayMs = 300;
          return transport.write(bytes);
        },
        subscribe: (listener: TransportListener) =>
          transport.subscribe({
            ...listener,
            data(bytes) {
              if (delayMs === 0) listener.data(bytes);
              else bench.clock.schedule(delayMs, () => listener.data(bytes));
            },
          }),
      };
    },
  });
  expect(end.result).toMatchObject({ verified: true, retries: 0 });
});
