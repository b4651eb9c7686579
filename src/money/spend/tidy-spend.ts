/** Keeps the ledger of spending small and true. */

import { settledNowSql } from '../../database/times.ts';
import type { CapsDeps } from './caps.ts';
import { freeLostSpend } from './free-lost-spend.ts';

/** Two months of caps, and some; in days. */
export const keptSpendDays = 70;
const batch = 5_000;

/**
 * Ends what dead workers had set aside, and drops what no cap counts any more: a month that is over, and calls of runs that
 * have ended.
 *
 * @returns how many reservations were lost with their workers
 */
export async function tidySpend({ db: { pool }, clock }: CapsDeps): Promise<number> {
  const lost = await freeLostSpend(pool);
  const now = clock?.now() ?? null;
  await pool.query(
    `DELETE FROM spend_reservations WHERE id IN (
       SELECT id FROM spend_reservations r
       WHERE settled_at < coalesce($3, ${settledNowSql}) - make_interval(days => $1) AND NOT EXISTS (
         SELECT FROM executions e WHERE e.id = r.execution_id AND e.completed_at IS NULL)
       LIMIT $2)`,
    [keptSpendDays, batch, now],
  );
  await pool.query(
    `DELETE FROM spend_totals WHERE bucket < coalesce($2, ${settledNowSql}) - make_interval(days => $1)`,
    [keptSpendDays, now],
  );
  return lost;
}
