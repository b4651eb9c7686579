/**
 * Does the work of many callers at once: while one batch is under way the next one gathers, so that
 * nobody waits who would not have waited anyway, and what a batch costs is shared.
 *
 * @param work takes what was gathered and returns a result for each, in order; when it throws, each is tried alone, so that
 *   one bad item harms no other
 * @param options.most the weight of a batch, where `weigh` says what an item weighs
 * @param options.concernsAll whether an error would meet each alone as well: then all get it at once
 * @param options.gather how long a batch waits for more before it is done; it does not when left out
 */
export function createBatcher<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  {
    most,
    weigh = () => 1,
    concernsAll = () => false,
    gather,
  }: {
    most: number;
    weigh?: (item: Item) => number;
    concernsAll?: (error: unknown) => boolean;
    gather?: () => Promise<unknown>;
  },
): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void };
  const waiting: Waiting[] = [];
  let busy = false;

  async function run(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (batch.length === 1 || concernsAll(error)) for (const { reject } of batch) reject(error);
      else for (const one of batch) await run([one]);
    }
  }

  async function runAll(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      if (gather) await gather();
      let weight = 0;
      let count = 0;
      for (const { item } of waiting) {
        weight += weigh(item);
        if (count > 0 && weight > most) break;
        count++;
      }
      await run(waiting.splice(0, count));
    }
    busy = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void runAll();
    });
}
