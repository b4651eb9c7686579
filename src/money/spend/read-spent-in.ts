import type { Database } from '../../database/client.ts';
import type { Window } from '../../schedules/windows.ts';
import { scopeOfVm } from './caps.ts';
import { keptSpendDays } from './tidy-spend.ts';

/** What the caps of the VM count in a span of time; null where its beginning is kept no more. */
export async function readSpentIn(db: Database, { from, until }: Window, now: Date): Promise<number | null> {
  if (from.getTime() < now.getTime() - keptSpendDays * 86_400_000) return null;
  const { rows } = await db.pool.query<{ usd: number }>(
    `SELECT coalesce(sum(usd), 0)::float8 AS usd FROM spend_totals
     WHERE scope = $1 AND bucket >= $2 AND bucket < $3`,
    [scopeOfVm, from, until],
  );
  return rows[0]?.usd ?? 0;
}
