import { systemClock } from "../../src/base/clock.js";
import { Connection } from "../../src/device/connection.js";
import { createFlightRecorder } from "../../src/device/flight-recorder.js";
import { encodeFrame } from "../../src/protocol/slip.js";
import { openSerial } from "../../src/transport/serial.js";
import type { Transport } from "../../src/transport/transport.js";
import { startPtyPeer, whyNoPty } from "../support/pty-peer.js";
import { standStill, startPair } from "../support/socket-pair.js";

// A runner that stands still for longer than a deadline: the timer is due before what has come is read.

const DEADLINE_MS = 20;
const frame = Uint8Array.of(1, 2, 3);
const onPty = whyNoPty() ? test.skip : test;

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function connectionOver(transport: Transport, signal = new AbortController().signal): Connection {
  return new Connection(
    transport,
    systemClock,
    signal,
    createFlightRecorder(systemClock, () => undefined),
  );
}

describe("an answer that came in time, to a process that stood still beyond the deadline", () => {
  test("is taken from a socket", async () => {
    const { transport, peer } = await startPair(stops);
    const answer = connectionOver(transport).nextFrame(DEADLINE_MS, "a test");
    // Written into the socket before this call returns.
    peer.write(encodeFrame(frame));
    standStill(3 * DEADLINE_MS);

    expect(await answer).toEqual(frame);
  });

  onPty("is taken from a serial port", async () => {
    const peer = await startPtyPeer();
    const transport = await openSerial(peer.port, 115_200, { clock: systemClock });
    stops.push(
      () => transport.close(),
      () => peer.stop(),
    );
    const answer = connectionOver(transport).nextFrame(DEADLINE_MS, "a test");
    peer.send(encodeFrame(frame));
    // The far end is a process of its own, which needs a moment.
    standStill(50 * DEADLINE_MS);

    expect(await answer).toEqual(frame);
  });

  test("is taken even if the time was over before anybody waited", async () => {
    const { transport, peer } = await startPair(stops);
    const connection = connectionOver(transport);
    peer.write(encodeFrame(frame));
    standStill(DEADLINE_MS);

    expect(await connection.nextFrame(-DEADLINE_MS, "a test")).toEqual(frame);
  });
});

describe("after a process stood still", () => {
  test("an answer that did not come is missed, and one that comes later is for the next question", async () => {
    const { transport, peer } = await startPair(stops);
    const connection = connectionOver(transport);
    const answer = connection.nextFrame(DEADLINE_MS, "a test");
    standStill(3 * DEADLINE_MS);

    await expect(answer).rejects.toMatchObject({ code: "device/timeout" });
    const next = connection.nextFrame(10_000, "a test");
    peer.write(encodeFrame(frame));
    expect(await next).toEqual(frame);
  });

  test("an abort counts at once", async () => {
    const { transport } = await startPair(stops);
    const abort = new AbortController();
    const answer = connectionOver(transport, abort.signal).nextFrame(DEADLINE_MS, "a test");
    standStill(3 * DEADLINE_MS);
    setImmediate(() => abort.abort(new Error("cancelled by hand")));

    await expect(answer).rejects.toThrow("cancelled by hand");
  });

  test("a link that is lost counts as such", async () => {
    const { transport, peer } = await startPair(stops);
    const answer = connectionOver(transport).nextFrame(DEADLINE_MS, "a test");
    peer.end();
    peer.destroy();
    standStill(3 * DEADLINE_MS);

    await expect(answer).rejects.toMatchObject({ code: "port/lost" });
  });
});
