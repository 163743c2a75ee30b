const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

/** How a receiver treats what SLIP leaves open. */
export interface SlipRules {
  readonly maxFrameBytes: number;
  /**
   * Two C0 in a row: the ROM takes the second one as the start of a frame, the stub as the end of an empty one, after
   * which it waits for another C0 (esp-flasher-stub `slip.c` at fc713a4).
   */
  readonly emptyFrameEnds: boolean;
  /** Complete frames that may wait; more are not received. The stub has two buffers (`frame_buffer.c`). */
  readonly maxWaitingFrames: number;
  /**
   * Bytes right behind a frame that may be lost: the stub's interrupt takes all that the UART holds (128 bytes), and only its
   * main loop hands it the other buffer (esp-flasher-stub `transport.c` and `slip.c` at fc713a4).
   */
  readonly deafBytes: number;
}

/** The chip's side of SLIP, byte by byte. A frame with an error is dropped without a word. */
export interface SlipReceiver {
  push(byte: number): void;
  /** The line was idle before what is pushed next. */
  rest(): void;
  /** Starts anew, by the rules of whoever listens now. */
  restart(rules: SlipRules): void;
}

/** `waitingFrames` tells how many frames nobody has taken yet. */
export function createSlipReceiver(onFrame: (frame: Uint8Array) => void, waitingFrames: () => number): SlipReceiver {
  let rules: SlipRules = { maxFrameBytes: 0, emptyFrameEnds: false, maxWaitingFrames: 0, deafBytes: 0 };
  let state: "outside" | "inside" | "escaping" = "outside";
  let buffer = new Uint8Array(0);
  let length = 0;
  let deafBytes = 0;

  const put = (byte: number): void => {
    if (length < rules.maxFrameBytes) buffer[length++] = byte;
    else state = "outside";
  };

  const end = (): void => {
    if (length > 0) {
      state = "outside";
      deafBytes = rules.deafBytes;
      onFrame(buffer.slice(0, length));
    } else if (rules.emptyFrameEnds) {
      state = "outside";
    }
    length = 0;
  };

  return {
    push(byte) {
      if (deafBytes > 0) {
        deafBytes--;
      } else if (state === "outside") {
        if (byte !== END || waitingFrames() >= rules.maxWaitingFrames) return;
        state = "inside";
        length = 0;
      } else if (state === "escaping") {
        state = "inside";
        if (byte === ESC_END) put(END);
        else if (byte === ESC_ESC) put(ESC);
        else state = "outside";
      } else if (byte === END) {
        end();
      } else if (byte === ESC) {
        state = "escaping";
      } else {
        put(byte);
      }
    },
    rest() {
      deafBytes = 0;
    },
    restart(next) {
      deafBytes = 0;
      rules = next;
      buffer = new Uint8Array(next.maxFrameBytes);
      state = "outside";
      length = 0;
    },
  };
}

/** Frames what the chip sends. */
export function frameForHost(content: Uint8Array): Uint8Array {
  const framed = [END];
  for (const byte of content) {
    if (byte === END) framed.push(ESC, ESC_END);
    else if (byte === ESC) framed.push(ESC, ESC_ESC);
    else framed.push(byte);
  }
  framed.push(END);
  return Uint8Array.from(framed);
}
