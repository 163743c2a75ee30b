import { concatBytes, words } from "../../src/base/bytes.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { Connection } from "../../src/device/connection.js";
import { createFlightRecorder } from "../../src/device/flight-recorder.js";
import { detectChip, MAGIC_ADDRESS } from "../../src/device/identify.js";
import type { DetectedChip } from "../../src/device/identify.js";
import { opcodes } from "../../src/protocol/opcodes.js";
import { chipNames } from "../../src/chips/index.js";
import type { Transport } from "../../src/transport/transport.js";
import { patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";
import { framesIn } from "../support/traces.js";
import { createRegisterPeer } from "../support/register-peer.js";
import type { PeerOptions } from "../support/register-peer.js";

const SECURE_DOWNLOAD = 1 << 2;
/** Flags, crypt count, seven key purposes: 12 bytes, as ESP32-S2 answers. */
const shortInfo = (flags: number, cryptCount = 0): Uint8Array => concatBytes(words(flags), words(cryptCount), words(0));
const fullInfo = (chipId: number, flags = 0, cryptCount = 0): Uint8Array =>
  concatBytes(shortInfo(flags, cryptCount), words(chipId), words(0));

interface Detected {
  readonly detected: Promise<DetectedChip>;
  readonly commands: readonly number[];
}

function detect(options: PeerOptions, magic = 0): Detected {
  const { transport, registers, commands } = createRegisterPeer(options);
  registers.set(MAGIC_ADDRESS, magic);
  const clock = new VirtualClock();
  const recorder = createFlightRecorder(clock, () => undefined);
  const connection = new Connection(transport, clock, new AbortController().signal, recorder);
  return { detected: clock.run(detectChip(connection)), commands };
}

test("the chip id decides, whatever the magic says", async () => {
  const { detected, commands } = detect({ securityInfo: fullInfo(5) }, 0xfff0c101);
  expect((await detected).chip.name).toBe("esp32c3");
  expect(commands).not.toContain(opcodes.readReg);
});

test.each([
  [0xfff0c101, "esp8266"],
  [0x00f01d83, "esp32"],
])("without the command, the magic does: %i", async (magic, name) => {
  const { chip, info } = await detect({}, magic).detected;
  expect({ name: chip.name, info }).toEqual({ name, info: undefined });
});

test("an answer of 12 bytes has no chip id: ESP32-S2 by its magic, with its settings", async () => {
  const { chip, info } = await detect({ securityInfo: shortInfo(1, 7) }, 0x000007c6).detected;
  expect(chip.name).toBe("esp32s2");
  expect(info).toEqual({ secureBoot: true, secureDownload: false, flashEncryption: true });
});

test("in Secure Download Mode an ESP32-S2 is known by that answer alone", async () => {
  const { detected, commands } = detect({ securityInfo: shortInfo(SECURE_DOWNLOAD), reads: false });
  expect((await detected).chip.name).toBe("esp32s2");
  expect(commands).not.toContain(opcodes.readReg);
});

test("encryption is on after an odd number of burnt bits", async () => {
  const isOn = async (count: number): Promise<boolean | undefined> =>
    (await detect({ securityInfo: fullInfo(9, 0, count) }).detected).info?.flashEncryption;
  expect(await Promise.all([0, 1, 3, 7].map(isOn))).toEqual([false, true, false, true]);
});

test("a chip id or a magic that nobody knows is told with its number", async () => {
  await expect(detect({ securityInfo: fullInfo(77) }).detected).rejects.toMatchObject({
    code: "chip/unknown",
    details: { chipId: 77 },
  });
  await expect(detect({}, 0x12345678).detected).rejects.toMatchObject({
    code: "chip/unknown",
    details: { magic: "0x12345678" },
  });
});

/** A UART's receive FIFO (ESP32 Technical Reference Manual, "UART Controllers"). */
const FIFO_BYTES = 128;

test.each(chipNames)("%s: its ROM is never sent more questions at once than its UART holds", async (chip) => {
  const written: number[] = [];
  const wrap = (transport: Transport): Transport => ({
    ...transport,
    write: (bytes) => {
      if (framesIn(bytes).length > 1) written.push(bytes.length);
      return transport.write(bytes);
    },
  });
  const image = flashImage("data.bin", 0x80000, patternBytes(0x1000, 1));
  const job = flashJob([image], { chip, stub: false, dryRun: true, erase: "touched", allow: new Set(["unverified"]) });
  expect((await createJobBench(`virtual:${chip}`).run(job, { wrap })).code).toBe("success");
  expect(written.length).toBeGreaterThan(0);
  expect(Math.max(...written)).toBeLessThanOrEqual(FIFO_BYTES);
});
