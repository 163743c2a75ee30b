/** Runs at most `count` pieces of work at a time, in the order in which they come; 0 is all at once. */
export function createSlots(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count === 0 ? Infinity : count;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
