import { VirtualClock } from "../../src/base/virtual-clock.js";
import { chipNames, chips } from "../../src/chips/index.js";
import type { ChipName } from "../../src/chips/index.js";
import { Connection } from "../../src/device/connection.js";
import { createFlightRecorder } from "../../src/device/flight-recorder.js";
import { readFlashId, resetFlash } from "../../src/device/spi-id.js";
import { createRegisterPeer } from "../support/register-peer.js";

/** What a flash answers to a command byte, with the address that came with it. */
type Flash = (code: number, address: number) => number;

/** A connection to a chip whose SPI controller talks to `flash`; `heard` has the command bytes in order. */
function chipWith(name: ChipName, flash: Flash): { connection: Connection; clock: VirtualClock; heard: number[] } {
  const { spi } = chips[name];
  const heard: number[] = [];
  const { transport } = createRegisterPeer({
    wrote(address, value, registers) {
      if (address !== spi.base || value !== 1 << 18) return;
      const code = (registers.get(spi.base + spi.usr2) ?? 0) & 0xff;
      const raw = registers.get(spi.base + 4) ?? 0;
      heard.push(code);
      registers.set(spi.base + spi.w0, flash(code, spi.addressBits === "upper" ? raw >>> 8 : raw));
      registers.set(spi.base, 0);
    },
  });
  const clock = new VirtualClock();
  const recorder = createFlightRecorder(clock, () => undefined);
  return { connection: new Connection(transport, clock, new AbortController().signal, recorder), clock, heard };
}

test.each(chipNames)("%s: a flash with a known id is asked once", async (name) => {
  const { connection, clock, heard } = chipWith(name, () => 0x1640c8);
  expect(await clock.run(readFlashId(connection, chips[name]))).toBe(0x1640c8);
  expect(heard).toEqual([0x9f]);
});

test.each(chipNames)("%s: an XMC flash that did not start is started and asked again", async (name) => {
  const awake = { value: false };
  const { connection, clock, heard } = chipWith(name, (code, address) => {
    if (code === 0xab) awake.value = true;
    if (code === 0x5a) return address === 0x10 ? 0x20 : 0;
    return code === 0x9f && awake.value ? 0x174020 : 0xffffff;
  });
  expect(await clock.run(readFlashId(connection, chips[name]))).toBe(0x174020);
  expect(heard).toEqual([0x9f, 0x5a, 0xb9, 0x79, 0xff, 0xab, 0x9f]);
});

test("nothing that answers is an error, and nothing is told to power down", async () => {
  const { connection, clock, heard } = chipWith("esp32", () => 0xffffff);
  await expect(clock.run(readFlashId(connection, chips.esp32))).rejects.toMatchObject({ code: "device/flash-id" });
  expect(heard).toEqual([0x9f, 0x5a, 0x9f]);
});

test("a flash reset is enabled, done and waited for", async () => {
  const { connection, clock, heard } = chipWith("esp32s3", () => 0);
  await clock.run(resetFlash(connection, chips.esp32s3));
  expect(heard).toEqual([0x66, 0x99]);
  expect(clock.nowMs()).toBeGreaterThanOrEqual(1);
});
