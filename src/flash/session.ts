import type { Clock } from "../base/clock.js";
import { sleep } from "../base/clock.js";
import { FlashError, hasCode } from "../base/errors.js";
import { flashSizeFromName } from "../chips/flash-ids.js";
import { raiseBaud, romBaudLimit, startStubAt } from "../device/baud.js";
import { autoBauds } from "../device/baud-rates.js";
import { Connection } from "../device/connection.js";
import type { Device, RomDevice, StubDevice } from "../device/device.js";
import { createFlightRecorder } from "../device/flight-recorder.js";
import { attachRomFlash, attachStubFlash, CONNECT_BAUD, openDevice } from "../device/open-device.js";
import type { AttachedFlash } from "../device/open-device.js";
import { stubHindrance } from "../device/stub.js";
import { isEspressifUsb } from "../device/usb.js";
import type { Transport } from "../transport/transport.js";
import type { BaudMemory } from "./baud-memory.js";
import { contactAgain, contactBoard } from "./contact.js";
import type { Approach } from "./contact.js";
import type { FlashJob } from "./job.js";
import type { Progress } from "./progress.js";
import { createRateSearch } from "./rate-search.js";
import type { FailedRate } from "./rate-search.js";

/** A board in its loader, with its flash attached. */
export interface OpenBoard {
  readonly device: Device;
  readonly flash: AttachedFlash;
}

/** How the board is reached, and which one it must be. */
export type SessionWish = Pick<
  FlashJob,
  "chip" | "expectMac" | "settings" | "before" | "resetSequence" | "baud" | "stub" | "connectAttempts"
>;

/** One job's way to one board: opens it, and opens it again after trouble. */
export interface Session {
  open(): Promise<OpenBoard>;
  /** One rate lower, if this trouble may come from the rate. False where the rate is the first contact's or fixed, or none is left. */
  slowDown(trouble: FlashError): boolean;
  /** For a last try: no faster than the board was first heard. */
  slowDownToContact(): void;
  /** The job is done: notes the rate where a higher one did not work. */
  rememberBaud(): void;
  /** Bytes sent so far, over all connections. */
  bytesSent(): number;
  /** What is known of the board as soon as it has told; empty before. */
  found(): Readonly<Record<string, string>>;
  /** Ends the subscription; the port stays open. */
  release(): void;
}

interface SessionDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly powerCycle?: () => Promise<string>;
  readonly onIdentified?: (mac: string) => Promise<void>;
  /** Rates that are known to fail, by board. */
  readonly bauds?: BaudMemory;
}

/** A USB device that dropped out needs a moment to come back (esptool `cmds.py` write_flash at bb72741: 7 × 1 s). */
const REOPEN_TRIES = 7;
const REOPEN_PAUSE_MS = 1000;

/** What noise looks like; other trouble says nothing about the rate. */
const LINK_TROUBLE = ["device/timeout", "device/bad-reply", "device/checksum", "device/baud"] as const;
/** May be noise, but also other things that are not to be remembered. */
const PERHAPS_LINK_TROUBLE = ["device/rejected", "device/stub"] as const;

export function createSession(transport: Transport, job: SessionWish, deps: SessionDeps): Session {
  const { clock, signal, progress, powerCycle, onIdentified } = deps;
  const bauds: readonly number[] = job.baud === "auto" ? autoBauds(transport) : [job.baud];
  const leftoverBauds = [...bauds, ...autoBauds(transport)];
  const declaredFlashBytes = flashSizeFromName(job.settings.size ?? "");
  const search = createRateSearch(bauds, CONNECT_BAUD);
  const canReset = !job.before.startsWith("no-reset");
  // On the chip's own USB port the rate changes nothing.
  const hasRate = transport.capabilities.baudRate && !isEspressifUsb(transport);
  /** What is being tried beyond the rate of the first contact, if anything. */
  let trial: FailedRate | undefined;
  /** The rate at which the board was first heard, where that was a lower one than usual. */
  let contactBaud = CONNECT_BAUD;
  /** Whose link failed at a higher rate. */
  let slowMac: string | undefined;
  let sentBefore = 0;
  let connection: Connection | undefined;
  let isDown = false;
  let found: Readonly<Record<string, string>> = {};
  let boardMac: string | undefined;
  const recorder = createFlightRecorder(clock, (line) => progress.message("debug", line));

  const release = (): void => {
    if (connection === undefined) return;
    sentBefore += connection.bytesSent;
    connection.release();
    connection = undefined;
  };

  const reopen = async (): Promise<void> => {
    isDown = true;
    for (let tried = 1; ; tried++) {
      try {
        await transport.reopen();
        isDown = false;
        return;
      } catch (error) {
        if (
          tried >= REOPEN_TRIES ||
          !hasCode(error, "port/lost", "port/not-found", "port/busy", "port/permission", "port/open-failed")
        )
          throw error;
        await sleep(clock, REOPEN_PAUSE_MS, signal);
      }
    }
  };

  /** A lost port is opened again, and one that an approach wants opened anew; any other trouble leaves it open. */
  const approach = async ({ baud, attempts, port }: Approach): Promise<Device> => {
    isDown ||= connection?.isLost ?? false;
    release();
    if (isDown || port === "reopened") await reopen();
    connection = new Connection(transport, clock, signal, recorder);
    const { before, resetSequence } = job;
    const options = {
      before,
      attempts,
      baud,
      leftoverBauds,
      ...(resetSequence === undefined ? {} : { resetSequence }),
    };
    try {
      return await openDevice(connection, job.chip, options, (step) => progress.startPhase(step));
    } catch (error) {
      // A port that was lost before anybody listened says so only when it is used.
      isDown = hasCode(error, "port/lost");
      throw error;
    }
  };

  /** The board that answers is the one that is meant, nobody else's, and the same as before. */
  const checkBoard = (mac: string): void => {
    if (boardMac === mac) return;
    if (boardMac !== undefined) {
      const message = `The board at ${transport.name} was ${boardMac}; now ${mac} answers there.`;
      throw new FlashError("port/other-board", message, { found: mac, wanted: boardMac });
    }
    if (job.expectMac !== undefined && job.expectMac !== mac) {
      const message = `The board at ${transport.name} has the MAC ${mac}, not ${job.expectMac}.`;
      throw new FlashError("chip/wrong-board", message, { found: mac, wanted: job.expectMac });
    }
  };

  /** A rate that a job before found not to work is not tried again. */
  const recallBaud = ({ identity, security }: Device): void => {
    const known = security.secureDownload ? undefined : deps.bauds?.recall(identity.mac);
    if (known === undefined) return;
    const { baud } = search;
    search.startAt(job.baud === "auto" ? known : { ...known, baud });
    if (search.baud === baud) return;
    progress.message("info", `Only up to ${search.baud} baud, as higher rates failed on this board before.`);
  };

  const startStub = async (device: RomDevice, baud: number): Promise<StubDevice> => {
    const romBaud = Math.min(baud, romBaudLimit(device.chip));
    if (romBaud > device.baud) trial = { stage: "rom", baud: romBaud };
    const stub = await startStubAt(device, romBaud);
    if (stub.baud !== device.baud) search.romWorked();
    return stub;
  };

  const withStub = async (device: Device): Promise<OpenBoard> => {
    if (device.loader === "rom") {
      const hindrance = stubHindrance(device);
      if (!job.stub || hindrance !== undefined) {
        if (job.stub) progress.message("warning", `No stub, as ${hindrance}: the ROM does the work, slower.`);
        return { device, flash: await attachRomFlash(device, declaredFlashBytes) };
      }
      progress.startPhase("stub");
    }
    const target = search.baud;
    // Only a reset brings back a ROM that came out at another rate.
    const takesRom = hasRate && canReset && search.byRom;
    const stub = device.loader === "stub" ? device : await startStub(device, takesRom ? target : device.baud);
    if (hasRate && target > contactBaud) trial = { stage: "stub", baud: target };
    if (!hasRate || target === device.baud) {
      return { device: stub, flash: await attachStubFlash(stub) };
    }
    progress.startPhase("baud");
    return raiseBaud(stub, target);
  };

  const say = (level: "info" | "warning", text: string): void => progress.message(level, text);
  const contactDeps = { canReset, hasRate, powerCycle, say };

  return {
    async open() {
      trial = undefined;
      const baud = Math.min(contactBaud, search.baud);
      const first: Approach = { baud, attempts: job.connectAttempts, port: "as it is" };
      // Once it has answered, the job itself decides how often it begins again.
      const device = boardMac ? await contactAgain(first, approach) : await contactBoard(first, approach, contactDeps);
      contactBaud = Math.min(contactBaud, device.baud);
      const { packageName, revision, mac, eui64, crystalMhz } = device.identity;
      const version = `v${Math.floor(revision / 100)}.${revision % 100}`;
      const addresses = eui64 === undefined ? mac : `${mac} (EUI-64 ${eui64})`;
      progress.message("info", `${packageName} ${version}, MAC ${addresses}, crystal ${crystalMhz} MHz`);
      found = { chip: device.chip.name, mac, "chip-revision": version };
      checkBoard(mac);
      const identified = boardMac === mac ? undefined : onIdentified?.(mac);
      boardMac = mac;
      recallBaud(device);
      // Taking the lock of the MAC means starting processes. The stub changes nothing on the board, and may go up meanwhile.
      const [claimed, opened] = await Promise.allSettled([identified, withStub(device)]);
      if (claimed.status === "rejected") throw claimed.reason;
      if (opened.status === "rejected") throw opened.reason;
      progress.endPhase();
      return opened.value;
    },
    slowDown(trouble) {
      if (trial === undefined || !hasCode(trouble, ...LINK_TROUBLE, ...PERHAPS_LINK_TROUBLE)) return false;
      if (!search.failed(trial)) return false;
      if (hasCode(trouble, ...LINK_TROUBLE)) slowMac = found.mac;
      return true;
    },
    slowDownToContact() {
      search.startAt({ baud: contactBaud, byRom: search.byRom });
    },
    rememberBaud() {
      const { baud, byRom } = search;
      if (slowMac === undefined || slowMac !== found.mac) return;
      try {
        deps.bauds?.note(slowMac, { baud, byRom });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        progress.message("warning", `That ${baud} baud work on this board cannot be noted: ${reason}`);
      }
    },
    found: () => found,
    bytesSent: () => sentBefore + (connection?.bytesSent ?? 0),
    release,
  };
}
