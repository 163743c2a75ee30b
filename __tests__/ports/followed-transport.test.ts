import { followedTransport } from "../../src/ports/followed-transport.js";
import { createLink } from "../../src/transport/link.js";
import type { Link } from "../../src/transport/link.js";
import type { Transport } from "../../src/transport/transport.js";

interface MadePort {
  readonly link: Link;
  readonly bauds: number[];
  readonly transport: Transport;
}

function madePort(name: string): MadePort {
  const link = createLink(name);
  const bauds: number[] = [];
  link.opened();
  const transport: Transport = {
    name,
    capabilities: { controlLines: true, atomicLines: true, baudRate: true },
    write: () => link.guard(() => Promise.resolve()),
    setSignals: () => link.guard(() => Promise.resolve()),
    confirm: () => link.guard(() => Promise.resolve()),
    setBaudRate: (baud) => link.guard(() => Promise.resolve(void bauds.push(baud))),
    subscribe: (listener) => link.subscribe(listener),
    reopen: () => Promise.reject(new Error("the old port is never opened again")),
    close() {
      link.ended();
      return Promise.resolve();
    },
  };
  return { link, bauds, transport };
}

test("a board that comes back at another port is heard there, at the rate set last", async () => {
  const [before, after] = [madePort("/dev/ttyACM0"), madePort("/dev/ttyACM1")];
  const ports = [before.transport, after.transport];
  const followed = await followedTransport(() => Promise.resolve(ports.shift() ?? before.transport));
  const heard: string[] = [];
  const end = followed.subscribe({
    data: (bytes) => heard.push(Buffer.from(bytes).toString("latin1")),
    closed: ({ message }) => heard.push(message),
  });
  await followed.setBaudRate(921_600);
  before.link.data(Buffer.from("one"));
  before.link.lost("unplugged");
  await expect(followed.write(new Uint8Array(1))).rejects.toMatchObject({ code: "port/lost" });
  expect(followed.name).toBe("/dev/ttyACM0");

  await followed.reopen();
  expect(followed.name).toBe("/dev/ttyACM1");
  expect(after.bauds).toEqual([921_600]);
  before.link.data(Buffer.from("from the grave"));
  after.link.data(Buffer.from("two"));
  await followed.write(new Uint8Array(1));
  end();
  after.link.data(Buffer.from("three"));
  expect(heard).toEqual(["one", "/dev/ttyACM0 was lost: unplugged", "two"]);
  await followed.close();
  await expect(followed.write(new Uint8Array(1))).rejects.toMatchObject({ code: "port/lost" });
});
