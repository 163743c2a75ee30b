import { systemClock } from "../../src/base/clock.js";
import { costsOf } from "../../src/flash/cost-model.js";
import type { Piece, PieceState } from "../../src/flash/difference.js";
import type { FlashRange } from "../../src/flash/job.js";
import type { WholeBlockLimits } from "../../src/flash/whole-blocks.js";
import { mayBeDirty, wholeBlocks } from "../../src/flash/whole-blocks.js";
import { createMemoryFlash } from "../support/memory-flash.js";

const FLASH_BYTES = 0x40000;
const BLOCK = 0x10000;
const block = { offset: BLOCK, lengthBytes: BLOCK };
const fast = costsOf({ loader: "stub", baud: 921_600 });
const slow = costsOf({ loader: "stub", baud: 115_200 });
const usb = costsOf({ loader: "stub", baud: undefined });

const piece = (offset: number, lengthBytes: number, kind: "image" | "blank", state: PieceState = "other"): Piece => ({
  offset,
  lengthBytes,
  state,
  ...(kind === "image" && { bytes: new Uint8Array(lengthBytes) }),
});

/** The blocks found on a board that is blank but for `held`. */
async function blocksOf(
  pieces: readonly Piece[],
  changes: {
    limits?: Partial<WholeBlockLimits>;
    held?: readonly number[];
    costs?: typeof fast;
    verifies?: boolean;
  } = {},
): Promise<readonly FlashRange[]> {
  const flash = createMemoryFlash(new Uint8Array(FLASH_BYTES).fill(0xff));
  for (const at of changes.held ?? []) flash.bytes[at] = 0;
  const access = { ...flash, verifies: changes.verifies ?? true };
  const limits = { flashBytes: FLASH_BYTES, keep: [], others: [], ...changes.limits };
  return wholeBlocks(access, pieces, limits, { costs: changes.costs ?? fast, clock: systemClock });
}

test("what may hold something is what differs or is expected to", () => {
  const dirty = (["same", "blank", "other", "unknown", "suspect"] as const).filter((state) =>
    mayBeDirty(piece(0, 1, "blank", state)),
  );
  expect(dirty).toEqual(["other", "unknown"]);
});

test("some sectors that shall be blank in a block that else is blank: the block is erased at once from four on", async () => {
  expect(await blocksOf([piece(BLOCK, 0x4000, "blank")])).toEqual([block]);
  expect(await blocksOf([piece(BLOCK, 0x3000, "blank")])).toEqual([]);
  expect(await blocksOf([piece(BLOCK + 0xc000, 0x4000, "blank", "unknown")])).toEqual([block]);
  expect(await blocksOf([piece(BLOCK, 0x4000, "blank", "blank")])).toEqual([]);
});

test("something in the block that nobody decides about bars it, wherever it lies", async () => {
  for (const at of [BLOCK + 0x4000, BLOCK + 0x9000, 2 * BLOCK - 1]) {
    expect(await blocksOf([piece(BLOCK, 0x4000, "blank")], { held: [at] })).toEqual([]);
  }
  for (const at of [BLOCK - 1, 2 * BLOCK, BLOCK + 0x3fff]) {
    expect(await blocksOf([piece(BLOCK, 0x4000, "blank")], { held: [at] })).toEqual([block]);
  }
  const middle = [piece(BLOCK + 0x4000, 0x4000, "blank")];
  expect(await blocksOf(middle, { held: [BLOCK] })).toEqual([]);
  expect(await blocksOf(middle, { held: [BLOCK + 0x8000] })).toEqual([]);
  expect(await blocksOf(middle)).toEqual([block]);
});

test("a loader that cannot be asked is trusted with blocks only that the job decides about as a whole", async () => {
  expect(await blocksOf([piece(BLOCK, 0x4000, "blank")], { verifies: false })).toEqual([]);
  const whole = [piece(BLOCK, 0x4000, "image"), piece(BLOCK + 0x4000, 0xc000, "blank")];
  expect(await blocksOf(whole, { verifies: false })).toEqual([block]);
});

test("what is right, noted, kept or erased in another way bars the block that it lies in, and no other", async () => {
  const dirty = piece(BLOCK, 0x4000, "blank");
  expect(await blocksOf([dirty, piece(BLOCK + 0x8000, 0x1000, "image", "same")])).toEqual([]);
  expect(await blocksOf([dirty, piece(BLOCK + 0x8000, 0x1000, "blank", "suspect")])).toEqual([]);
  expect(await blocksOf([dirty, piece(BLOCK + 0x8000, 0x8000, "blank", "same")])).toEqual([block]);
  const last = { offset: 2 * BLOCK - 0x1000, lengthBytes: 0x1000 };
  const next = { offset: 2 * BLOCK, lengthBytes: 0x1000 };
  for (const name of ["keep", "others"] as const) {
    expect(await blocksOf([dirty], { limits: { [name]: [last] } })).toEqual([]);
    expect(await blocksOf([dirty], { limits: { [name]: [next] } })).toEqual([block]);
  }
});

test("a block that the flash's end cuts is not erased as a whole", async () => {
  expect(await blocksOf([piece(BLOCK, 0x4000, "blank")], { limits: { flashBytes: 2 * BLOCK - 0x1000 } })).toEqual([]);
  expect(await blocksOf([piece(BLOCK, 0x4000, "blank")], { limits: { flashBytes: 2 * BLOCK } })).toEqual([block]);
});

test("one write of the whole block has its own erase", async () => {
  expect(await blocksOf([piece(BLOCK, BLOCK, "image")], { costs: usb })).toEqual([]);
  const inTwo = [piece(BLOCK, 0x8000, "image"), piece(BLOCK + 0x8000, 0x8000, "image")];
  expect(await blocksOf(inTwo, { costs: usb })).toEqual([]);
  const halfBlank = [piece(BLOCK, 0x8000, "image"), piece(BLOCK + 0x8000, 0x8000, "blank")];
  expect(await blocksOf(halfBlank, { costs: usb })).toEqual([block]);
});

test("what is written there pays for an erase only where the wire is quicker than sector erases, and the write begins", async () => {
  const written = [piece(BLOCK, 0x8000, "image")];
  expect(await blocksOf(written, { costs: usb })).toEqual([block]);
  expect(await blocksOf(written, { costs: slow })).toEqual([]);
  const before = piece(BLOCK - 0x4000, 0x4000, "image", "blank");
  expect(await blocksOf([before, ...written], { costs: usb })).toEqual([]);
  for (const other of [
    piece(BLOCK - 0x4000, 0x4000, "image", "same"),
    piece(BLOCK - 0x4000, 0x3000, "image", "blank"),
    piece(BLOCK - 0x1000, 0x1000, "blank"),
  ]) {
    expect(await blocksOf([other, ...written], { costs: usb })).toContainEqual(block);
  }
  const withBlank = [before, ...written, piece(BLOCK + 0x8000, 0x4000, "blank")];
  expect(await blocksOf(withBlank, { costs: usb })).toEqual([block]);
});

test("an image that ends within a sector counts with all of it", async () => {
  expect(await blocksOf([piece(BLOCK, 0x7001, "image")], { costs: usb })).toEqual([block]);
  expect(await blocksOf([piece(BLOCK, 0x3ffe, "blank")], { held: [BLOCK + 0x3fff] })).toEqual([block]);
});
