/**
 * SLIP as the loader uses it: C0 at both ends of a frame, C0 → DB DC and DB → DB DD inside
 * (Espressif serial protocol, "Low Level Protocol").
 */
const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

/** The longest frame of so many bytes: each of them escaped, between two delimiters. */
export const maxFrameBytes = (contentBytes: number): number => 2 * contentBytes + 2;

/** One frame of all parts, with delimiters at both ends, at the start of a room of at least `maxFrameBytes`. */
export function encodeFrameIn(room: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  let to = 0;
  room[to++] = END;
  for (const part of parts) {
    // Counted, since V8 spends a megabyte on the optimized code for an iterator here.
    let from = 0;
    while (from < part.length) {
      const byte = part[from++] ?? 0;
      if (byte === END || byte === ESC) {
        room[to++] = ESC;
        room[to++] = byte === END ? ESC_END : ESC_ESC;
      } else {
        room[to++] = byte;
      }
    }
  }
  room[to++] = END;
  return room.subarray(0, to);
}

/** One frame around `content`, in memory of its own. */
export function encodeFrame(content: Uint8Array): Uint8Array {
  return encodeFrameIn(new Uint8Array(maxFrameBytes(content.length)), [content]);
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
