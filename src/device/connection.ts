import { concatBytes, joinedView } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { scheduleDeadline, sleep } from "../base/clock.js";
import { FlashError, hasCode } from "../base/errors.js";
import type { Command } from "../protocol/command.js";
import { frameCommand } from "../protocol/framed-command.js";
import type { FramedCommand } from "../protocol/framed-command.js";
import { opcodeName, opcodes } from "../protocol/opcodes.js";
import { decodeReply, readReply } from "../protocol/packet.js";
import type { Reply, ReplyContent } from "../protocol/packet.js";
import { createFrameDecoder, encodeFrame } from "../protocol/slip.js";
import { describeStatus, isChecksumFailure, isUnsupported } from "../protocol/status-codes.js";
import type { Transport } from "../transport/transport.js";
import type { FlightRecorder } from "./flight-recorder.js";

/** Replies to other commands that may come before the right one (esptool `loader.py` `command` at bb72741). */
const MAX_SKIPPED_REPLIES = 100;
/** A ROM may send "unsupported" eight times (esptool `loader.py`); what is missing after this time does not come. */
const UNSUPPORTED_REPLIES = 8;
const UNSUPPORTED_DRAIN_MS = 200;
/** Enough for any boot log that a verdict needs. */
const MAX_STRAY_BYTES = 8192;

/** How a request goes out that the other side cannot take in one go. */
export interface SendPace {
  /** Bytes that leave at once. */
  readonly pieceBytes: number;
  /** From then until the next ones leave. */
  readonly pauseMs: number;
}

interface Waiter {
  resolve(frame: Uint8Array): void;
  reject(reason: Error): void;
}

/**
 * One request at a time over one transport, with a deadline each. Fails at once when the link is lost or the job is
 * aborted. Counts what it sends and keeps what comes outside frames (the boot log).
 */
export class Connection {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly recorder: FlightRecorder;
  bytesSent = 0;
  /** The quickest answer so far, in ms: a round trip with next to no work. */
  quickestAnswerMs = Infinity;
  /** No answer is waited for longer than this, in ms, whatever a command may take; finite where the link is on trial. */
  patienceMs = Infinity;
  #frames: Uint8Array[] = [];
  #stray = new Uint8Array(0);
  #waiter: Waiter | undefined;
  #lost: FlashError | undefined;
  readonly #unsubscribe: () => void;

  constructor(transport: Transport, clock: Clock, signal: AbortSignal, recorder: FlightRecorder) {
    this.transport = transport;
    this.clock = clock;
    this.signal = signal;
    this.recorder = recorder;
    const decoder = createFrameDecoder((bytes) => this.#keepStray(bytes));
    this.#unsubscribe = transport.subscribe({
      data: (bytes) => {
        for (const frame of decoder.push(bytes)) this.#deliver(frame);
      },
      closed: (reason) => {
        this.#lost = reason;
        this.#waiter?.reject(reason);
      },
    });
  }

  /** The transport has told that the link is gone. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Ends the subscription; the transport stays as it is. */
  release(): void {
    this.#unsubscribe();
  }

  /** Hands out what came outside frames since the last call, as text. */
  takeStray(): string {
    const text = Buffer.from(this.#stray).toString("latin1");
    this.#stray = new Uint8Array(0);
    return text;
  }

  /** Throws away frames that nobody waited for. */
  drain(): void {
    this.#frames = [];
  }

  sendFrame(content: Uint8Array): Promise<void> {
    return this.#send([{ start: content, lengthBytes: content.length, frame: encodeFrame(content) }]);
  }

  /** The next frame, whatever it is; `device/timeout` when none has come within `timeoutMs`. */
  nextFrame(timeoutMs: number, waitingFor: string): Promise<Uint8Array> {
    this.#check();
    const ready = this.#frames.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        cancelTimer();
        this.signal.removeEventListener("abort", onAbort);
        this.#waiter = undefined;
      };
      const onAbort = (): void => this.#waiter?.reject(this.signal.reason as Error);
      const waitMs = Math.min(timeoutMs, this.patienceMs);
      const cancelTimer = scheduleDeadline(this.clock, waitMs, () => {
        finish();
        const shownMs = Math.max(0, Math.round(waitMs));
        reject(this.#error("device/timeout", `No answer to ${waitingFor} within ${shownMs} ms.`));
      });
      this.#waiter = {
        resolve: (frame) => {
          finish();
          resolve(frame);
        },
        reject: (reason) => {
          finish();
          reject(reason);
        },
      };
      this.signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  /**
   * Sends `command` and returns what the chip answers. `device/rejected` (with the chip's reason) or `device/checksum`
   * where it refuses, `device/timeout`, `device/bad-reply`, `port/lost`.
   */
  async request(command: Command | FramedCommand, pace?: SendPace): Promise<ReplyContent> {
    const { content } = await this.requestRaw(command, pace);
    return content;
  }

  /** As `request`, with the whole reply beside its content. */
  async requestRaw(
    command: Command | FramedCommand,
    pace?: SendPace,
  ): Promise<{ reply: Reply; content: ReplyContent }> {
    const startMs = this.clock.nowMs();
    await this.#send(["frame" in command ? command : frameCommand(command)], pace);
    const answer = await this.#answerTo(command, startMs + command.timeoutMs);
    // An answer to a sync may be to the one before.
    if (command.op !== opcodes.sync) {
      this.quickestAnswerMs = Math.min(this.quickestAnswerMs, this.clock.nowMs() - startMs);
    }
    return answer;
  }

  /**
   * Sends `commands` at once and returns their answers, in the same order. For a loader that holds what it has not looked at
   * yet. Rejects as `request`; answers to the commands behind the one that failed may still come then, so the loader has to be
   * entered anew if any of them changes something.
   */
  async requestAll(commands: readonly FramedCommand[]): Promise<readonly ReplyContent[]> {
    await this.#send(commands);
    const answers: ReplyContent[] = [];
    for (const command of commands) {
      const { content } = await this.#answerTo(command, this.clock.nowMs() + command.timeoutMs);
      answers.push(content);
    }
    return answers;
  }

  async #answerTo(
    command: Pick<Command, "op" | "replyLength">,
    deadlineMs: number,
  ): Promise<{ reply: Reply; content: ReplyContent }> {
    const name = opcodeName(command.op);
    for (let skipped = 0; skipped < MAX_SKIPPED_REPLIES; skipped++) {
      const reply = decodeReply(await this.nextFrame(deadlineMs - this.clock.nowMs(), name));
      if (reply === undefined) continue;
      if (reply.op !== command.op) {
        // The ROM answers an unknown command with the number of the one before.
        const refusal = readReply(reply, 0);
        if (refusal !== undefined && isUnsupported(refusal.status)) await this.#refuse(name, refusal.status);
        continue;
      }
      const answer = readReply(reply, command.replyLength);
      if (answer === undefined) {
        throw this.#error("device/bad-reply", `The answer to ${name} is ${reply.body.length} bytes long.`);
      }
      if (answer.status !== 0) await this.#refuse(name, answer.status);
      return { reply, content: answer };
    }
    throw this.#error("device/bad-reply", `${MAX_SKIPPED_REPLIES} frames came, but no answer to ${name}.`);
  }

  /** All in one piece, or as `pace` says. */
  async #send(
    requests: readonly Pick<FramedCommand, "start" | "lengthBytes" | "frame">[],
    pace?: SendPace,
  ): Promise<void> {
    this.#check();
    for (const { start, lengthBytes } of requests) this.recorder.sent(start, lengthBytes);
    const bytes = joinedView(requests.map(({ frame }) => frame));
    this.bytesSent += bytes.length;
    const pieceBytes = pace?.pieceBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      if (at > 0) await this.sleep(pace?.pauseMs ?? 0);
      await this.#unlessAborted(this.transport.write(bytes.subarray(at, at + pieceBytes)));
    }
  }

  /** A port that takes no bytes must not hold up the end of a cancelled job. */
  #unlessAborted(work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(this.signal.reason as Error);
      this.signal.addEventListener("abort", onAbort, { once: true });
      work.then(resolve, reject).finally(() => this.signal.removeEventListener("abort", onAbort));
    });
  }

  sleep(delayMs: number): Promise<void> {
    return sleep(this.clock, delayMs, this.signal);
  }

  async #refuse(name: string, status: number): Promise<never> {
    if (isUnsupported(status)) await this.#takeRepeats();
    const code = isChecksumFailure(status) ? "device/checksum" : "device/rejected";
    throw this.#error(code, `The chip refused ${name} (${describeStatus(status)}).`, { status });
  }

  /** Takes the repeats of a refusal, so that none of them is taken for the answer to the next command. */
  async #takeRepeats(): Promise<void> {
    const deadlineMs = this.clock.nowMs() + UNSUPPORTED_DRAIN_MS;
    try {
      for (let taken = 1; taken < UNSUPPORTED_REPLIES; taken++) {
        await this.nextFrame(deadlineMs - this.clock.nowMs(), "the repeats of a refusal");
      }
    } catch (error) {
      // Some loaders refuse but once.
      if (!hasCode(error, "device/timeout")) throw error;
    }
    this.drain();
  }

  #error(
    code: "device/timeout" | "device/bad-reply" | "device/rejected" | "device/checksum",
    message: string,
    details: Record<string, number> = {},
  ): FlashError {
    return new FlashError(code, message, { ...details, flight: this.recorder.lines() });
  }

  #deliver(frame: Uint8Array): void {
    this.recorder.received(frame);
    if (this.#waiter !== undefined) this.#waiter.resolve(frame);
    else this.#frames.push(frame);
  }

  #keepStray(bytes: Uint8Array): void {
    this.recorder.stray(bytes);
    this.#stray = concatBytes(this.#stray, bytes).slice(-MAX_STRAY_BYTES);
  }

  #check(): void {
    if (this.signal.aborted) throw this.signal.reason as Error;
    if (this.#lost !== undefined) throw this.#lost;
  }
}

/** The status that a refusal carries, or `undefined` for any other error. */
export function refusedStatus(thrown: unknown): number | undefined {
  if (!(thrown instanceof FlashError)) return undefined;
  return typeof thrown.details.status === "number" ? thrown.details.status : undefined;
}
