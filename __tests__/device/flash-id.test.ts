import { VirtualClock } from "../../src/base/virtual-clock.js";
import { chipNames, chips } from "../../src/chips/index.js";
import type { ChipDefinition } from "../../src/chips/definition.js";
import type { ChipName } from "../../src/chips/index.js";
import { Connection } from "../../src/device/connection.js";
import { createFlightRecorder } from "../../src/device/flight-recorder.js";
import { readFlashId } from "../../src/device/spi-id.js";
import { createRegisterPeer } from "../support/register-peer.js";

const rows: Readonly<Record<ChipName, ChipDefinition>> = chips;

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

/** What apps may have left in a state of their own is reset before it is asked. */
const asked = (name: ChipName): readonly number[] => (rows[name].resetsFlash === true ? [0x66, 0x99, 0x9f] : [0x9f]);

test.each(chipNames)("%s: a flash with a known id is asked once", async (name) => {
  const { connection, clock, heard } = chipWith(name, () => 0x1640c8);
  expect(await clock.run(readFlashId(connection, chips[name]))).toBe(0x1640c8);
  expect(heard).toEqual(asked(name));
});

test.each(chipNames)("%s: an XMC flash that did not start is started and asked again", async (name) => {
  const awake = { value: false };
  const { connection, clock, heard } = chipWith(name, (code, address) => {
    if (code === 0xab) awake.value = true;
    if (code === 0x5a) return address === 0x10 ? 0x20 : 0;
    return code === 0x9f && awake.value ? 0x174020 : 0xffffff;
  });
  expect(await clock.run(readFlashId(connection, chips[name]))).toBe(0x174020);
  expect(heard).toEqual([...asked(name), 0x5a, 0xb9, 0x79, 0xff, 0xab, ...asked(name)]);
});

test("nothing that answers is an error, and nothing is told to power down", async () => {
  const { connection, clock, heard } = chipWith("esp32", () => 0xffffff);
  await expect(clock.run(readFlashId(connection, chips.esp32))).rejects.toMatchObject({ code: "device/flash-id" });
  expect(heard).toEqual([0x9f, 0x5a, 0x9f]);
});

test("a flash that its chip's apps leave alone is not reset, others are", () => {
  expect(asked("esp32")).toHaveLength(1);
  expect(asked("esp32s3")).toHaveLength(3);
});
