import { VirtualClock } from "../../src/base/virtual-clock.js";
import { sleep } from "../../src/base/clock.js";
import { openVirtualTransport } from "../../src/virtual/virtual-transport.js";

describe("a virtual port", () => {
  test("powers a board on, and closing it leaves nothing scheduled", async () => {
    const clock = new VirtualClock();
    const transport = await openVirtualTransport("virtual:esp32?timing=modelled", clock);
    const heard: Uint8Array[] = [];
    transport.subscribe({ data: (bytes) => heard.push(bytes), closed: () => undefined });
    await clock.run(sleep(clock, 1000));
    expect(Buffer.concat(heard).toString("latin1")).toContain("POWERON_RESET");
    await transport.write(new Uint8Array(1000));
    await transport.close();
    await transport.close();
    expect(clock.pending).toBe(0);
  });

  test("breaks where a fault says so, and opens again", async () => {
    const clock = new VirtualClock();
    const transport = await openVirtualTransport("virtual:esp32?fault=link-lost-byte:10", clock);
    const closed: string[] = [];
    transport.subscribe({ data: () => undefined, closed: (reason) => closed.push(reason.code) });
    await transport.write(new Uint8Array(20));
    await clock.run(sleep(clock, 1));
    expect(closed).toEqual(["port/lost"]);
    await expect(transport.setSignals({ dtr: false, rts: false })).rejects.toMatchObject({ code: "port/lost" });
    await transport.reopen();
    await transport.write(new Uint8Array(20));
    await transport.close();
  });

  test("refuses a URL that names no board", async () => {
    await expect(openVirtualTransport("virtual:esp64", new VirtualClock())).rejects.toMatchObject({
      code: "input/invalid",
    });
  });
});
