import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { systemClock } from "../../src/base/clock.js";
import type { Clock } from "../../src/base/clock.js";
import { hardReset } from "../../src/device/reset.js";
import { openRfc2217 } from "../../src/transport/rfc2217.js";
import type { Transport } from "../../src/transport/transport.js";
import { startRfc2217Peer } from "../support/rfc2217-peer.js";

const signal = new AbortController().signal;
const RATE_ANSWER_MS = 1000;
const AGREEMENT_MS = 10_000;

/** Waits of this length, as that for the answer to a rate, end when the test says so. */
function heldClock(heldMs = RATE_ANSWER_MS): { readonly clock: Clock; readonly expire: () => void } {
  let held: (() => void) | undefined;
  const clock: Clock = {
    ...systemClock,
    schedule(delayMs, callback) {
      if (delayMs !== heldMs) return systemClock.schedule(delayMs, callback);
      held = callback;
      return () => undefined;
    },
  };
  return { clock, expire: () => held?.() };
}

const hex = (...bytes: readonly Uint8Array[]): string => Buffer.concat(bytes).toString("hex");
// RFC 2217: IAC SB COM-PORT-OPTION <number> <value> IAC SE.
const comPort = (number: number, ...value: readonly number[]): Uint8Array =>
  Uint8Array.of(255, 250, 44, number, ...value, 255, 240);
const control = (value: number): Uint8Array => comPort(5, value);
const [DTR_ON, DTR_OFF, RTS_ON, RTS_OFF] = [8, 9, 11, 12].map(control) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const DO_COM_PORT = Uint8Array.of(255, 253, 44);
const DONT_COM_PORT = Uint8Array.of(255, 254, 44);
const WILL_ECHO = Uint8Array.of(255, 251, 1);
const DONT_ECHO = Uint8Array.of(255, 254, 1);
/** The last of the client's first requests: that both leave out the go-ahead. */
const DO_SUPPRESS = Uint8Array.of(255, 253, 3);

/** A server that says what the test tells it, and keeps what it hears by segments. */
interface Script {
  readonly url: string;
  readonly segments: Uint8Array[];
  /** Hears something that ends with these bytes, or has already. */
  heard(end: Uint8Array): Promise<void>;
  say(...bytes: readonly Uint8Array[]): void;
  hangUp(): void;
  /** Vanishes without closing, as a machine that lost its power and came back. */
  reset(): void;
  stop(): Promise<void>;
}

async function startScript(greeting?: Uint8Array, hangsUp = false): Promise<Script> {
  const segments: Uint8Array[] = [];
  let socket: Socket | undefined;
  const server: Server = createServer((fresh) => {
    socket = fresh;
    fresh.on("data", (bytes) => segments.push(bytes));
    fresh.on("error", () => undefined);
    if (greeting) fresh.write(greeting);
    if (hangsUp) fresh.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `rfc2217://127.0.0.1:${(server.address() as AddressInfo).port}`,
    segments,
    async heard(end) {
      while (!hex(...segments).endsWith(hex(end))) await new Promise((resolve) => setImmediate(resolve));
    },
    say: (...bytes) => void socket?.write(Buffer.concat(bytes)),
    hangUp: () => void socket?.destroy(),
    reset: () => void socket?.resetAndDestroy(),
    async stop() {
      socket?.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

describe("a URL", () => {
  test.each([
    "rfc2217://",
    "rfc2217://host",
    "rfc2217://host:0",
    "rfc2217://host:4000/path",
    "rfc2217://user:secret@host:4000",
    "rfc2217://host:4000#x",
    "rfc2217://::1:4000",
    "rfc2217://host:4000?baud=9600",
    "rfc2217://host:4000?timeout=0",
    "rfc2217://host:4000?timeout=1.5",
    "rfc2217://host:4000?timeout=5&timeout=6",
    "rfc2217://host:4000?ign_set_control=1",
    "rfc2217://host:4000?timeout=5&",
  ])("such as %s is refused, and not repeated", async (url) => {
    const opening = openRfc2217(url, 115_200, { clock: systemClock, signal });

    await expect(opening).rejects.toMatchObject({ code: "input/invalid", details: { input: "port" } });
    await expect(opening).rejects.not.toThrow("secret");
  });

  test("takes an IPv6 address and pyserial's options", async () => {
    // An address of a documentation network (RFC 3849); time is over before any answer can come.
    const url = "rfc2217://[2001:db8::1]:4000?timeout=5&ign_set_control";
    const impatient: Clock = {
      ...systemClock,
      schedule(_delayMs, callback) {
        queueMicrotask(callback);
        return () => undefined;
      },
    };
    const opening = openRfc2217(url, 115_200, { clock: impatient, signal });

    await expect(opening).rejects.toMatchObject({ code: "port/open-failed" });
    await expect(opening).rejects.toThrow("did not answer within 5 s");
  });
});

describe("a server that is none", () => {
  const noAnswer = /did not agree to RFC 2217 within 10 s/;

  // An option behind the text is answered by a client that has got both.
  test.each([
    ["says nothing", undefined, DO_SUPPRESS, /within 10 s; use tcp:/],
    [
      "sends raw bytes",
      Buffer.from([...Buffer.from("ets Jul 29\r\n"), ...WILL_ECHO]),
      DONT_ECHO,
      /it said “ets Jul 29”/,
    ],
  ] as const)("as it %s", async (_, greeting, heard, message) => {
    const server = await startScript(greeting);
    const held = heldClock(AGREEMENT_MS);
    const failure = openRfc2217(server.url, 115_200, { clock: held.clock, signal }).catch((error: unknown) => error);
    await server.heard(heard);
    held.expire();

    expect(await failure).toMatchObject({ code: "port/open-failed" });
    expect(String(await failure)).toMatch(noAnswer);
    expect(String(await failure)).toMatch(message);
    await server.stop();
  });

  test.each([
    ["refuses the option", DONT_COM_PORT, false, "port/open-failed", /refuses RFC 2217; use tcp:/],
    ["hangs up", undefined, true, "port/open-failed", /another client may be using it/],
    ["is in use", Buffer.from("Port already in use\r\n"), true, "port/busy", /it said “Port already in use”/],
  ] as const)("as it %s", async (_, greeting, hangsUp, code, message) => {
    const server = await startScript(greeting, hangsUp);
    const opening = openRfc2217(server.url, 115_200, { clock: heldClock(AGREEMENT_MS).clock, signal });

    await expect(opening).rejects.toMatchObject({ code });
    await expect(opening).rejects.toThrow(message);
    await server.stop();
  });

  test("is waited for no longer than until an abort", async () => {
    const server = await startScript();
    const abort = new AbortController();
    const opening = openRfc2217(server.url, 115_200, { clock: systemClock, signal: abort.signal });
    while (server.segments.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new Error("cancelled by hand"));

    await expect(opening).rejects.toThrow("cancelled by hand");
    await server.stop();
  });
});

describe("a server that agrees and then answers nothing", () => {
  let server: Script;
  let transport: Transport;
  const held = heldClock();

  beforeEach(async () => {
    server = await startScript(DO_COM_PORT);
    transport = await openRfc2217(server.url, 115_200, { clock: held.clock, signal });
    await server.heard(comPort(12, 3));
  });

  afterEach(async () => {
    await transport.close();
    await server.stop();
  });

  test("is asked for 8N1, no flow control and the rate, and no line is touched", () => {
    const bytes = hex(...server.segments);

    // WILL COM-PORT; data size, parity, stop bits, control, rate, purge.
    expect(bytes.startsWith("fffb2c")).toBe(true);
    expect(
      bytes.endsWith(
        hex(comPort(2, 8), comPort(3, 1), comPort(4, 1), comPort(5, 1), comPort(1, 0, 1, 0xc2, 0), comPort(12, 3)),
      ),
    ).toBe(true);
  });

  test("gets both line changes of a step in one segment, without being waited for", async () => {
    const before = server.segments.length;
    // RTS stays off in the last step and is not named: esptool's server would reset the board.
    const steps = [
      { lines: { dtr: false, rts: true }, sent: [DTR_OFF, RTS_ON] },
      { lines: { dtr: true, rts: false }, sent: [DTR_ON, RTS_OFF] },
      { lines: { dtr: false, rts: false }, sent: [DTR_OFF] },
    ];
    for (const { lines, sent } of steps) {
      await transport.setSignals(lines);
      await server.heard(Buffer.concat(sent));
    }

    expect(server.segments.slice(before).map((segment) => hex(segment))).toEqual(steps.map(({ sent }) => hex(...sent)));
  });

  test("gets the lines released before the connection ends", async () => {
    await transport.setSignals({ dtr: true, rts: true });
    await server.heard(RTS_ON);
    await transport.close();
    await server.heard(Buffer.concat([DTR_OFF, RTS_OFF]));
  });

  test("gets a rate only when it changes", async () => {
    await transport.setBaudRate(115_200);
    const change = transport.setBaudRate(921_600);
    held.expire();
    await change;
    await transport.setBaudRate(921_600);
    await server.heard(Buffer.concat([comPort(12, 3), comPort(1, 0, 0x0e, 0x10, 0), comPort(12, 1)]));
  });

  test("has its notices and its other options passed over", async () => {
    const heard: Uint8Array[] = [];
    transport.subscribe({ data: (bytes) => heard.push(bytes), closed: () => undefined });
    // WILL ECHO; NOTIFY-LINESTATE, NOTIFY-MODEMSTATE; a rate of FF FF FF FF with its FF doubled.
    server.say(
      WILL_ECHO,
      Uint8Array.of(1),
      comPort(106, 0x60),
      comPort(107, 0x30),
      comPort(101, 255, 255, 255, 255, 255, 255, 255, 255),
      Uint8Array.of(2, 255, 255, 3),
    );
    await server.heard(DONT_ECHO);
    while (Buffer.concat(heard).length < 4) await new Promise((resolve) => setImmediate(resolve));

    expect([...Buffer.concat(heard)]).toEqual([1, 2, 255, 3]);
  });

  test.each(["hangUp", "reset"] as const)("is noticed when it is gone (%s), also by what waits", async (how) => {
    const reason = new Promise((resolve) => {
      transport.subscribe({ data: () => undefined, closed: resolve });
    });
    server[how]();

    expect(await reason).toMatchObject({ code: "port/lost" });
    await expect(transport.setSignals({ dtr: true, rts: false })).rejects.toMatchObject({ code: "port/lost" });
  });
});

test("a server that keeps another rate is told from one that only has not answered yet", async () => {
  const server = await startScript(DO_COM_PORT);
  const held = heldClock();
  const transport = await openRfc2217(server.url, 115_200, { clock: held.clock, signal });
  const change = transport.setBaudRate(921_600);
  const told = new Promise((resolve) => {
    transport.subscribe({ data: resolve, closed: () => undefined });
  });
  server.say(comPort(101, 0, 1, 0xc2, 0), Uint8Array.of(1));
  await told;
  held.expire();

  await expect(change).rejects.toMatchObject({ code: "device/baud" });
  const next = transport.setBaudRate(460_800);
  server.say(comPort(101, 0, 1, 0xc2, 0), comPort(101, 0, 7, 8, 0));
  await next;
  await transport.close();
  await server.stop();
});

test("the project's own server follows lines and rate, and is opened anew at the last rate", async () => {
  const peer = await startRfc2217Peer();
  const transport = await openRfc2217(peer.port, 115_200, { clock: systemClock, signal });
  await transport.setSignals({ dtr: true, rts: false });
  await transport.setBaudRate(460_800);
  await peer.hangUp();
  await transport.reopen();
  await transport.setBaudRate(230_400);
  await transport.close();
  await peer.stop();

  expect(peer.settings).toEqual([
    "115200 baud",
    "D1 R0",
    "D1 R0",
    "460800 baud",
    "D0 R0",
    "460800 baud",
    "230400 baud",
    "D0 R0",
  ]);
});

describe("whether all has arrived", () => {
  const WONT_TIMING_MARK = Uint8Array.of(255, 252, 6);
  const DO_TIMING_MARK = Uint8Array.of(255, 253, 6);
  const MARK_ANSWER_MS = 10_000;

  /** A transport that gives up at once what is waited for longest; its opening has the time that it needs. */
  async function openImpatient(url: string): Promise<Transport> {
    let patience = "endless";
    const clock: Clock = {
      ...systemClock,
      schedule(delayMs, callback) {
        const isOver = patience === "none" && delayMs === MARK_ANSWER_MS;
        // Once: when a link is opened anew, other waits may be as long.
        if (isOver) patience = "endless";
        return systemClock.schedule(isOver ? 0 : delayMs, callback);
      },
    };
    const transport = await openRfc2217(url, 115_200, { clock, signal });
    patience = "none";
    return transport;
  }

  test("is told by a server that answers marks", async () => {
    const peer = await startRfc2217Peer();
    const transport = await openRfc2217(peer.port, 115_200, { clock: systemClock, signal });
    // Its answer comes behind that to the mark of the opening.
    await transport.setBaudRate(460_800);
    await transport.setSignals({ dtr: false, rts: true });
    await transport.setSignals({ dtr: false, rts: false });
    await transport.confirm();

    expect(peer.settings.slice(-2)).toEqual(["D0 R1", "D0 R0"]);
    await transport.close();
    await peer.stop();
  });

  test("is denied where a server that has answered marks falls silent: the link is lost", async () => {
    const server = await startScript(DO_COM_PORT);
    const transport = await openImpatient(server.url);
    const told = new Promise((resolve) => transport.subscribe({ data: resolve, closed: () => undefined }));
    server.say(WONT_TIMING_MARK, WONT_TIMING_MARK, Uint8Array.of(1));
    await told;
    const lost = new Promise((resolve) => transport.subscribe({ data: () => undefined, closed: resolve }));

    await expect(transport.confirm()).rejects.toMatchObject({ code: "port/lost" });
    expect(await lost).toMatchObject({ code: "port/lost" });
    await server.heard(DO_TIMING_MARK);
    await transport.close();
    await server.stop();
  });

  test.each([
    ["closed", (transport: Transport) => transport.close()],
    ["opened anew", (transport: Transport) => transport.reopen()],
  ])(
    "is denied in the midst of a reset: EN is let go of when the link is %s, if the server was only slow",
    async (_, end) => {
      const server = await startScript(DO_COM_PORT);
      const transport = await openImpatient(server.url);
      const told = new Promise((resolve) => transport.subscribe({ data: resolve, closed: () => undefined }));
      server.say(WONT_TIMING_MARK, WONT_TIMING_MARK, Uint8Array.of(1));
      await told;

      await expect(hardReset(transport, systemClock)).rejects.toMatchObject({ code: "port/lost" });
      await end(transport);
      await server.heard(RTS_OFF);
      await transport.close();
      await server.stop();
    },
  );

  test("is not asked once the step is cancelled, so that the board can be reset into its firmware", async () => {
    const server = await startScript(DO_COM_PORT);
    const abort = new AbortController();
    const transport = await openRfc2217(server.url, 115_200, { clock: systemClock, signal: abort.signal });
    const told = new Promise((resolve) => transport.subscribe({ data: resolve, closed: () => undefined }));
    server.say(WONT_TIMING_MARK, WONT_TIMING_MARK, Uint8Array.of(1));
    await told;
    abort.abort(new Error("cancelled by hand"));
    const pauses: number[] = [];
    const clock: Clock = {
      ...systemClock,
      schedule(delayMs, callback) {
        pauses.push(delayMs);
        return systemClock.schedule(0, callback);
      },
    };

    await hardReset(transport, clock);
    expect(pauses).toEqual([100]);
    await server.heard(RTS_OFF);
    await transport.close();
    await server.stop();
  });

  test("is not asked of a server that has never answered a mark", async () => {
    const server = await startScript(DO_COM_PORT);
    const transport = await openImpatient(server.url);
    await transport.confirm();
    await transport.close();
    await server.stop();
  });

  test("is not asked of a server that answers a question only once", async () => {
    const server = await startScript(DO_COM_PORT);
    const transport = await openImpatient(server.url);
    const told = new Promise((resolve) => transport.subscribe({ data: resolve, closed: () => undefined }));
    server.say(WONT_TIMING_MARK, Uint8Array.of(1));
    await told;
    await transport.confirm();
    await transport.close();
    await server.stop();
  });

  test("is not waited for once the step is cancelled", async () => {
    const server = await startScript(DO_COM_PORT);
    const abort = new AbortController();
    const transport = await openRfc2217(server.url, 115_200, { clock: systemClock, signal: abort.signal });
    const told = new Promise((resolve) => transport.subscribe({ data: resolve, closed: () => undefined }));
    server.say(WONT_TIMING_MARK, WONT_TIMING_MARK, Uint8Array.of(1));
    await told;
    const asked = transport.confirm();
    abort.abort(new Error("cancelled by hand"));

    await expect(asked).rejects.toThrow("cancelled by hand");
    await transport.close();
    await server.stop();
  });
});
