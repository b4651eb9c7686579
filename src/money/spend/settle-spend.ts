/** What a model call came to takes the place of what was set aside for it. */
import type { Database } from '../../database/client.ts';

/**
 * Settles a reservation in one statement. One that was given up, as its worker looked dead, is put right.
 *
 * @param costUsd what it cost, in US dollars
 */
export async function settleSpend(db: Pick<Database, 'pool'>, id: string, costUsd: number): Promise<void> {
  await db.pool.query(
    `WITH before AS (
       SELECT id, coalesce(cost_usd, 0) AS counted FROM spend_reservations
       WHERE id = $1 AND (settled_at IS NULL OR is_lost) FOR UPDATE
     ), done AS (
       UPDATE spend_reservations r SET cost_usd = $2, is_lost = false, settled_at = now()
       FROM before WHERE r.id = before.id
       RETURNING r.skill_id, r.created_at, r.cost_usd - before.counted AS usd
     )
     ${addToTotals}`,
    [id, costUsd],
  );
}

/** Adds `usd` of the rows of `done` to the totals: the VM's first, so that all who write take their locks in one order. */
export const addToTotals = `
  INSERT INTO spend_totals (scope, bucket, usd)
  SELECT scope, bucket, sum(usd) FROM (
    SELECT 'vm' AS scope, 0 AS place, date_bin('15 minutes', created_at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS bucket, usd
    FROM done
    UNION ALL
    SELECT 'skill:' || skill_id, 1, date_bin('15 minutes', created_at, TIMESTAMPTZ '2000-01-01 00:00:00+00'), usd
    FROM done WHERE skill_id IS NOT NULL
  ) AS parts
  WHERE usd <> 0
  GROUP BY place, scope, bucket ORDER BY place, scope, bucket
  ON CONFLICT (scope, bucket) DO UPDATE SET usd = spend_totals.usd + EXCLUDED.usd`;
