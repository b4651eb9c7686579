import { describe, expect, it } from 'vitest';
import { createBatcher } from './batcher.ts';

/** A batcher that doubles, and the batches that it made; each ends when `release` is called. */
function doubler(options: { most: number; weigh?: (item: number) => number }) {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const double = createBatcher<number, number>(
    async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => gates.push(resolve));
      if (items.includes(13)) throw new Error(`bad luck among ${items.length}`);
      if (items.includes(99)) throw new Error('away');
      return items.map((item) => item * 2);
    },
    { ...options, concernsAll: (error) => error instanceof Error && error.message === 'away' },
  );
  const release = async () => {
    while (gates.length > 0) {
      gates.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { batches, double, release };
}

describe('a batcher', () => {
  it('begins at once, and gathers what comes meanwhile', async () => {
    const { batches, double, release } = doubler({ most: 100 });
    const first = double(1);
    const others = [2, 3, 4].map(double);
    expect(batches).toEqual([[1]]);
    await release();
    expect(await Promise.all([first, ...others])).toEqual([2, 4, 6, 8]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('holds a batch to a weight, and lets what is heavier go alone', async () => {
    const { batches, double, release } = doubler({ most: 10, weigh: (item) => item });
    const results = [1, 6, 4, 50, 3].map(double);
    await release();
    expect(await Promise.all(results)).toEqual([2, 12, 8, 100, 6]);
    expect(batches).toEqual([[1], [6, 4], [50], [3]]);
  });

  it('tries each alone when a batch fails, so that one harms no other', async () => {
    const { batches, double, release } = doubler({ most: 100 });
    const results = Promise.allSettled([1, 5, 13, 7].map(double));
    await release();
    expect(
      (await results).map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
    ).toEqual([2, 10, 'Error: bad luck among 1', 14]);
    expect(batches).toEqual([[1], [5, 13, 7], [5], [13], [7]]);
  });

  it('tells all of what concerns all, and goes on afterwards', async () => {
    const { batches, double, release } = doubler({ most: 100 });
    const results = Promise.allSettled([1, 5, 99].map(double));
    await release();
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(batches).toEqual([[1], [5, 99]]);
    const next = double(4);
    await release();
    expect(await next).toBe(8);
  });
});
