import { commandWords } from "../../src/action/command-line.js";
import { parseResetSequence } from "../../src/device/reset-sequence.js";
import { relativePath } from "../../src/firmware/part-location.js";
import { reportOf } from "../../src/monitor/boot-report.js";
import { initialState } from "../../src/monitor/boot-state.js";
import { feed, feedPartial, nextTickMs, tick } from "../../src/monitor/boot-steps.js";
import { verdictAtEnd } from "../../src/monitor/boot-verdict.js";
import { createLineAssembler } from "../../src/monitor/line-assembler.js";
import { parseLinePattern } from "../../src/monitor/line-pattern.js";
import { checkPort } from "../../src/open-transport.js";
import { parsePortSelector } from "../../src/ports/selector.js";
import { decodeReply, readReply } from "../../src/protocol/packet.js";
import { createFrameDecoder } from "../../src/protocol/slip.js";
import { parseRfc2217Url } from "../../src/transport/rfc2217-url.js";
import { createOptionAccount } from "../../src/transport/telnet-options.js";
import { createTelnetDecoder } from "../../src/transport/telnet.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { parseRequest } from "../../src/virtual/request.js";
import { createSlipReceiver } from "../../src/virtual/slip-receiver.js";
import { corpusOf } from "./fuzz-corpus.js";
import type { FuzzTarget } from "./fuzz.js";

const CHUNK_BYTES = 7;

function* inChunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/** Bytes that come out may be fewer than went in, never more. */
function checkTotal(bytes: Uint8Array, outBytes: number): void {
  if (outBytes > bytes.length) throw new Error(`${outBytes} bytes came out of ${bytes.length}`);
}

function slip(bytes: Uint8Array): void {
  let outBytes = 0;
  const decoder = createFrameDecoder((stray) => (outBytes += stray.length));
  for (const chunk of inChunks(bytes)) for (const frame of decoder.push(chunk)) outBytes += frame.length;
  checkTotal(bytes, outBytes);
  const sound = Uint8Array.of(0xc0, 0x01, 0xc0);
  // Whatever came before, a frame behind two delimiters is understood.
  const [frame] = decoder.push(Uint8Array.of(0xc0, 0xc0, ...sound)).slice(-1);
  if (frame?.length !== 1) throw new Error("the decoder did not find its way back");
}

function boardSlip(bytes: Uint8Array): void {
  for (const emptyFrameEnds of [true, false]) {
    const receiver = createSlipReceiver(
      (frame) => parseRequest(frame),
      () => 0,
    );
    receiver.restart({ maxFrameBytes: 0x400, emptyFrameEnds, maxWaitingFrames: 2, deafBytes: 3 });
    for (const byte of bytes) receiver.push(byte);
  }
}

const REPLY_LENGTHS = [0, 4, 12, 16, 20, 32, 64] as const;

function reply(bytes: Uint8Array): void {
  const decoded = decodeReply(bytes);
  if (decoded === undefined) return;
  for (const length of REPLY_LENGTHS) readReply(decoded, length);
}

function telnet(bytes: Uint8Array): void {
  const decoder = createTelnetDecoder();
  const account = createOptionAccount();
  let outBytes = 0;
  for (const chunk of inChunks(bytes)) {
    for (const event of decoder.push(chunk)) {
      if (event.kind === "data") outBytes += event.bytes.length;
      else if (event.kind === "subnegotiation") outBytes += event.payload.length;
      else account.answer(event.verb, event.option);
    }
  }
  checkTotal(bytes, outBytes);
}

function bootLog(bytes: Uint8Array): void {
  const expect = [parseLinePattern("ready"), parseLinePattern("/got ip .*/")];
  const rules = { timeoutMs: 10_000, settleMs: 1000, expect, failOn: [parseLinePattern("/E \\(\\d+\\)/")] };
  const assembler = createLineAssembler();
  let state = initialState(rules);
  let atMs = 0;
  for (const chunk of inChunks(bytes)) {
    atMs += 3;
    for (const line of assembler.push(chunk)) state = feed(state, { ...line, atMs });
    state = feedPartial(state, assembler.partial().text, atMs);
    if (nextTickMs(state) <= atMs) state = tick(state, atMs);
  }
  reportOf(state, state.final ?? verdictAtEnd(state, atMs));
}

const asText =
  (parse: (text: string) => unknown) =>
  (bytes: Uint8Array): unknown =>
    parse(Buffer.from(bytes).toString("utf8"));

function target(name: string, parse: (bytes: Uint8Array) => unknown): FuzzTarget {
  return { name, isPlaced: false, seeds: corpusOf(name), parse };
}

/** Whatever reads bytes of a board, of a server or of a person's input. The corpus of each is a file. */
export const wireTargets: readonly FuzzTarget[] = [
  target("slip", slip),
  target("board-slip", boardSlip),
  target("reply", reply),
  target("telnet", telnet),
  target("boot-log", bootLog),
  target("command-line", asText(commandWords)),
  target("port-selector", asText(parsePortSelector)),
  target("port-url", asText(checkPort)),
  target("rfc2217-url", asText(parseRfc2217Url)),
  target("virtual-url", asText(parseBoardOptions)),
  target("reset-sequence", asText(parseResetSequence)),
  target("line-pattern", asText(parseLinePattern)),
  target(
    "part-location",
    asText((path) => relativePath("layout.json", "folder", path)),
  ),
];
