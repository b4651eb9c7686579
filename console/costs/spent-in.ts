/** One sum for a span of time, and the parts that it is made of. */
import type { Stats } from '../../src/contract/stats.ts';

type Sums = Pick<Stats, 'spentUsd'> & { totals: Pick<Stats['totals'], 'costUsd'> };

/** What caps count besides the runs that are listed: tries of the model, and what runs that began earlier spent. Dust aside. */
export function besidesOf({ spentUsd, totals }: Sums): number {
  const besides = (spentUsd ?? 0) - totals.costUsd;
  return besides < 0.0005 ? 0 : besides;
}

/** What all of it came to: what is listed, and what is besides. */
export const spentIn = (stats: Sums): number => stats.totals.costUsd + besidesOf(stats);
