import { deflateSync } from "node:zlib";
import { pseudoCode } from "../../src/image/pseudo-code.js";

const made = (lengthBytes = 6000, seed = 1): Uint8Array => pseudoCode(lengthBytes, seed);

describe("made-up code", () => {
  test("is as long as asked for, the same for the same seed, and else another one", () => {
    for (const lengthBytes of [0, 1, 2, 3, 100]) expect(made(lengthBytes)).toHaveLength(lengthBytes);
    expect(made()).toEqual(made());
    expect(made(6000, 2)).not.toEqual(made());
    expect(made(100)).toEqual(made().subarray(0, 100));
  });

  test("deflates as real code does", () => {
    const ratio = deflateSync(made(), { level: 9 }).length / 6000;
    expect(ratio).toBeGreaterThan(0.55);
    expect(ratio).toBeLessThan(0.75);
  });

  test("has instructions of three bytes, a few of them frequent and many rare, three in ten with an operand", () => {
    const code = made();
    const counts = new Map<string, number>();
    let operands = 0;
    for (let at = 0; at < code.length; at += 3) {
      const instruction = `${code[at]} ${code[at + 1]}`;
      counts.set(instruction, (counts.get(instruction) ?? 0) + 1);
      if (code[at + 2] !== 0) operands++;
    }
    const [most = 0] = [...counts.values()].sort((a, b) => b - a);
    expect(most).toBeGreaterThan(2000 / 10);
    expect(counts.size).toBeGreaterThan(200);
    expect(operands / 2000).toBeGreaterThan(0.25);
    expect(operands / 2000).toBeLessThan(0.35);
  });
});
