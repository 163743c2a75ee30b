import { setTimeout as wait } from "node:timers/promises";
import type { FlashError } from "../../src/base/errors.js";
import type { Transport } from "../../src/transport/transport.js";

/** The other end of a transport, as the tests hold it. */
export interface Peer {
  /** What `port` names. */
  readonly port: string;
  /** All bytes that came from the transport so far. */
  received(): Uint8Array;
  send(bytes: Uint8Array): void;
  /** Breaks the link from the far side. */
  hangUp(): Promise<void>;
  /** Is there again after `hangUp`. */
  begin(): Promise<void>;
  stop(): Promise<void>;
}

interface Subject {
  startPeer(): Promise<Peer>;
  open(port: string): Promise<Transport>;
}

const pattern = (lengthBytes: number): Uint8Array =>
  Uint8Array.from({ length: lengthBytes }, (_, at) => (at * 7) % 251);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(1);
}

/** What every transport promises, whatever it is made of. */
export function describeTransport(name: string, subject: Subject): void {
  describe(name, () => {
    let peer: Peer;
    let transport: Transport;
    let received: number[];
    let closings: FlashError[];

    beforeEach(async () => {
      received = [];
      closings = [];
      peer = await subject.startPeer();
      transport = await subject.open(peer.port);
      transport.subscribe({
        data: (bytes) => received.push(...bytes),
        closed: (reason) => closings.push(reason),
      });
    });

    afterEach(async () => {
      await transport.close();
      await peer.stop();
    });

    test("carries every byte value in order, both ways", async () => {
      const bytes = Uint8Array.from({ length: 1024 }, (_, at) => at % 256);
      await transport.write(bytes);
      peer.send(bytes);
      await until(() => received.length >= bytes.length && peer.received().length >= bytes.length);

      expect(received).toEqual([...bytes]);
      expect([...peer.received()]).toEqual([...bytes]);
    });

    test("keeps the order of writes that were not waited for", async () => {
      const bytes = pattern(60_000);
      const writes = [0, 1, 2].map((at) => transport.write(bytes.subarray(at * 20_000, (at + 1) * 20_000)));
      await Promise.all(writes);
      await until(() => peer.received().length >= bytes.length);

      expect(Buffer.compare(peer.received(), bytes)).toBe(0);
    });

    test("may have its buffer used again once a write has resolved", async () => {
      const bytes = Uint8Array.of(1, 2, 3);
      await transport.write(bytes);
      bytes.fill(9);
      await until(() => peer.received().length >= 3);

      expect([...peer.received()]).toEqual([1, 2, 3]);
    });

    test("gives bytes that the listener may keep", async () => {
      const kept: Uint8Array[] = [];
      transport.subscribe({ data: (bytes) => kept.push(bytes), closed: () => undefined });
      peer.send(Uint8Array.of(1, 2, 3));
      await until(() => received.length >= 3);
      peer.send(Uint8Array.of(4, 5, 6));
      await until(() => received.length >= 6);

      expect([...Buffer.concat(kept)]).toEqual([1, 2, 3, 4, 5, 6]);
    });

    test("tells nothing to a listener that has left", async () => {
      const heard: number[] = [];
      const leave = transport.subscribe({ data: (bytes) => heard.push(...bytes), closed: () => undefined });
      leave();
      peer.send(Uint8Array.of(1));
      await until(() => received.length > 0);

      expect(heard).toEqual([]);
    });

    test("tells once that the link is lost, and then refuses to write", async () => {
      await transport.write(Uint8Array.of(1));
      await until(() => peer.received().length > 0);
      await peer.hangUp();
      await until(() => closings.length > 0);
      await expect(transport.write(Uint8Array.of(2))).rejects.toMatchObject({ code: "port/lost" });
      await transport.close();
      await wait(20);

      expect(closings.map((reason) => reason.code)).toEqual(["port/lost"]);
      expect(closings[0]?.message).toContain(transport.name);
    });

    test("tells it also when the link is lost among a stream of bytes", async () => {
      await transport.write(Uint8Array.of(1));
      await until(() => peer.received().length > 0);
      for (let block = 0; block < 50; block++) peer.send(pattern(1000));
      await until(() => received.length > 0);
      await peer.hangUp();
      await until(() => closings.length > 0);

      expect(closings).toHaveLength(1);
    });

    test("carries bytes again after the link was lost and opened anew", async () => {
      await transport.write(Uint8Array.of(1));
      await until(() => peer.received().length > 0);
      await peer.hangUp();
      await until(() => closings.length > 0);
      await peer.begin();
      await transport.reopen();
      await transport.write(Uint8Array.of(2));
      await until(() => peer.received().length > 1);
      peer.send(Uint8Array.of(3));
      await until(() => received.length > 0);

      expect([...peer.received()]).toEqual([1, 2]);
      expect(received).toEqual([3]);
    });

    test("closes quietly, also twice, and then refuses everything", async () => {
      await transport.close();
      await transport.close();

      await expect(transport.write(Uint8Array.of(1))).rejects.toMatchObject({ code: "port/lost" });
      expect(closings).toEqual([]);
    });

    test("sets the lines, or says that there are none", async () => {
      const setting = transport.setSignals({ dtr: false, rts: false });

      if (transport.capabilities.controlLines) await expect(setting).resolves.toBeUndefined();
      else await expect(setting).rejects.toMatchObject({ code: "port/no-lines" });
      await transport.write(Uint8Array.of(1));
    });

    test("takes a change of the rate and goes on carrying", async () => {
      await transport.setBaudRate(921_600);
      await transport.write(Uint8Array.of(7));
      await until(() => peer.received().length > 0);

      expect([...peer.received()]).toEqual([7]);
    });
  });
}
