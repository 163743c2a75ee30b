/**
 * SLIP as the loader uses it: C0 at both ends of a frame, C0 → DB DC and DB → DB DD inside
 * (Espressif serial protocol, "Low Level Protocol").
 */
const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

/** One frame of all parts, with delimiters at both ends. */
export function encodeFrame(...parts: readonly Uint8Array[]): Uint8Array {
  let lengthBytes = 2;
  for (const part of parts) {
    lengthBytes += part.length;
    for (const byte of part) if (byte === END || byte === ESC) lengthBytes++;
  }
  const frame = new Uint8Array(lengthBytes);
  let at = 0;
  frame[at++] = END;
  for (const part of parts) {
    for (const byte of part) {
      if (byte === END || byte === ESC) {
        frame[at++] = ESC;
        frame[at++] = byte === END ? ESC_END : ESC_ESC;
      } else {
        frame[at++] = byte;
      }
    }
  }
  frame[at] = END;
  return frame;
}

/** A decoder keeps what a chunk leaves open for the next one. */
export interface FrameDecoder {
  /** Feeds a chunk; returns the frames that it completes. Bytes outside frames go to `onStray`. */
  push(chunk: Uint8Array): Uint8Array[];
}

/** The largest frame that a loader sends: a READ_FLASH packet of 4096 bytes, with room for its header. */
const MAX_FRAME_BYTES = 0x4000;

/**
 * Text between frames (the boot log) is handed to `onStray`, as is a frame with a wrong escape or of absurd length:
 * the peer never repeats it, so the waiting request must time out or be asked again.
 */
export function createFrameDecoder(onStray: (bytes: Uint8Array) => void = () => undefined): FrameDecoder {
  let inFrame = false;
  let escaped = false;
  let broken = false;
  let content: number[] = [];

  const endFrame = (frames: Uint8Array[]): void => {
    // Two C0 in a row are the end of one frame and the start of the next, or noise: an empty frame says nothing.
    if (content.length === 0 && !broken) return;
    if (broken || escaped) onStray(Uint8Array.from(content));
    else frames.push(Uint8Array.from(content));
    inFrame = false;
  };

  return {
    push(chunk) {
      const frames: Uint8Array[] = [];
      const stray: number[] = [];
      for (const byte of chunk) {
        if (byte === END) {
          if (inFrame) endFrame(frames);
          else inFrame = true;
          content = [];
          escaped = false;
          broken = false;
        } else if (!inFrame) {
          stray.push(byte);
        } else if (escaped) {
          escaped = false;
          if (byte === ESC_END) content.push(END);
          else if (byte === ESC_ESC) content.push(ESC);
          else broken = true;
        } else if (byte === ESC) {
          escaped = true;
        } else if (content.length < MAX_FRAME_BYTES) {
          content.push(byte);
        } else {
          broken = true;
        }
      }
      if (stray.length > 0) onStray(Uint8Array.from(stray));
      return frames;
    },
  };
}
