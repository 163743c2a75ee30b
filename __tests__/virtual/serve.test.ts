import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { words } from "../../src/base/bytes.js";
import { sleep, systemClock } from "../../src/base/clock.js";
import type { Clock } from "../../src/base/clock.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { createTelnetDecoder, encodeComPort, encodeTelnetOption } from "../../src/transport/telnet.js";
import { createBoard } from "../../src/virtual/board.js";
import type { Board } from "../../src/virtual/board.js";
import { defaultBoardOptions } from "../../src/virtual/board-options.js";
import { serveBoard } from "../../src/virtual/serve.js";
import type { BoardServer } from "../../src/virtual/serve.js";
import { requestFrame, SYNC } from "../support/board-bench.js";

const BAUD = 1;
const CONTROL = 5;
const PURGE = 12;
const control = (value: number): Uint8Array => encodeComPort(CONTROL, Uint8Array.of(value));
const [DTR_ON, DTR_OFF, RTS_ON, RTS_OFF] = [8, 9, 11, 12].map(control) as [Buffer, Buffer, Buffer, Buffer];

interface Client {
  readonly socket: Socket;
  readonly bytes: () => Buffer;
  readonly until: (there: (bytes: Buffer) => boolean) => Promise<void>;
}

async function openClient(port: number | undefined): Promise<Client> {
  const socket = connect(port ?? 0, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  await once(socket, "connect");
  const bytes = (): Buffer => Buffer.concat(chunks);
  return {
    socket,
    bytes,
    async until(there) {
      while (!there(bytes())) await once(socket, "data");
    },
  };
}

/** Data and answers in what a telnet client got. */
function parts(bytes: Uint8Array): { data: Buffer; answers: string[] } {
  const events = createTelnetDecoder().push(bytes);
  return {
    data: Buffer.concat(events.flatMap((event) => (event.kind === "data" ? [event.bytes] : []))),
    answers: events.flatMap((event) => {
      if (event.kind === "option") return [`${event.verb} ${event.option}`];
      return event.kind === "subnegotiation" ? [Buffer.from(event.payload).toString("hex")] : [];
    }),
  };
}

describe("a served board", () => {
  let board: Board;
  let server: BoardServer;
  const open = async (options: Partial<typeof defaultBoardOptions> = {}, clock: Clock = systemClock): Promise<void> => {
    board = createBoard({ ...defaultBoardOptions, ...options }, clock);
    server = await serveBoard(board, clock, { host: "127.0.0.1", rawPort: 0, rfc2217Port: 0 });
  };
  afterEach(async () => {
    await server.close();
    board.close();
  });

  test("answers over the raw port, which has no lines: someone holds BOOT", async () => {
    await open({ boot: "download" });
    const client = await openClient(server.rawPort);
    client.socket.write(requestFrame(0x08, SYNC));
    client.socket.write(requestFrame(0x0a, words(0x40001000)));
    await client.until((bytes) => bytes.includes(Buffer.from("c0010a0400831df00000000000c0", "hex")));
    client.socket.destroy();
  });

  test("has one user a port, and is free again when that one has left", async () => {
    await open();
    const first = await openClient(server.rawPort);
    const second = await openClient(server.rawPort);
    await once(second.socket, "close");
    first.socket.end();
    await once(first.socket, "close");
    const third = await openClient(server.rawPort);
    expect(third.socket.destroyed).toBe(false);
    third.socket.destroy();
  });

  test("turns clients away while the chip's own USB port is gone, and takes them when it is back", async () => {
    const clock = new VirtualClock();
    await open({ chip: "esp32s3", usb: "jtag" }, clock);
    const before = await openClient(server.rfc2217Port);
    board.powerCycle();
    await once(before.socket, "close");
    const meanwhile = await openClient(server.rfc2217Port);
    await once(meanwhile.socket, "close");
    await clock.run(sleep(clock, 1000));
    expect(board.present).toBe(true);
    const after = await openClient(server.rfc2217Port);
    after.socket.write(RTS_ON);
    await after.until((bytes) => parts(bytes).answers.includes("690b"));
    after.socket.destroy();
  });

  test("agrees on the options of RFC 2217 and answers each request with its value", async () => {
    await open();
    const { socket, until, bytes } = await openClient(server.rfc2217Port);
    const baud = Buffer.from([0x00, 0x0e, 0x10, 0x00]);
    socket.write(encodeTelnetOption("will", 44));
    socket.write(encodeTelnetOption("do", 0));
    socket.write(encodeTelnetOption("do", 1));
    socket.write(encodeComPort(BAUD, baud));
    socket.write(encodeComPort(BAUD, Buffer.alloc(4)));
    socket.write(RTS_ON);
    socket.write(control(10));
    socket.write(control(7));
    socket.write(encodeComPort(PURGE, Uint8Array.of(3)));
    await until((all) => parts(all).answers.length >= 9);
    expect(parts(bytes()).answers).toEqual([
      "do 44",
      "will 0",
      "wont 1",
      "65000e1000",
      "65000e1000",
      "690b",
      "690b",
      "6909",
      "7003",
    ]);
    socket.destroy();
  });

  test("loads by lines that come one after the other, even slowly, as pyserial sends them", async () => {
    const clock = new VirtualClock();
    await open({}, clock);
    const { socket, until, bytes } = await openClient(server.rfc2217Port);
    const settled = (answers: number) => until((all) => parts(all).answers.length >= answers);
    for (const [index, change] of [DTR_OFF, RTS_ON, DTR_ON, RTS_OFF, DTR_OFF].entries()) {
      socket.write(change);
      await settled(index + 1);
      await clock.run(sleep(clock, 50));
    }
    socket.write(requestFrame(0x08, SYNC));
    const hasAnswered = (): boolean => parts(bytes()).data.includes(Buffer.from("c0010804", "hex"));
    while (!hasAnswered()) await clock.run(sleep(clock, 1));
    expect(parts(bytes()).data.toString("latin1")).toContain("boot:0xf");
    expect(board.inDownloadMode).toBe(true);
    socket.destroy();
  });

  test("leaves the lines idle when the client goes: a board held in reset starts", async () => {
    await open();
    const rfc2217 = await openClient(server.rfc2217Port);
    rfc2217.socket.write(RTS_ON);
    await rfc2217.until((all) => parts(all).answers.length > 0);
    const raw = await openClient(server.rawPort);
    rfc2217.socket.destroy();
    await raw.until((all) => all.includes("rst:0x1"));
    raw.socket.destroy();
  });

  test("says which port it cannot have", async () => {
    await open();
    await expect(serveBoard(board, systemClock, { host: "127.0.0.1", rawPort: server.rawPort })).rejects.toMatchObject({
      code: "port/open-failed",
      message: expect.stringContaining(`:${server.rawPort}`) as string,
    });
  });
});
