/** Reservations of workers that are no more: nobody will settle them. */
import type pg from 'pg';
import { addToTotals } from './settle-spend.ts';

/**
 * Ends the reservations of dead workers: what was set aside counts as spent, as it may have been. Who has no row in
 * `workers` is dead (roster.ts); one that only hung settles its calls again when it is back.
 *
 * @returns how many there were
 */
export async function freeLostSpend(client: Pick<pg.ClientBase, 'query'>): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `WITH lost AS (
       SELECT id FROM spend_reservations r
       WHERE settled_at IS NULL AND NOT EXISTS (SELECT FROM workers w WHERE w.id = r.worker_id)
       ORDER BY id FOR UPDATE SKIP LOCKED
     ), done AS (
       UPDATE spend_reservations r SET cost_usd = held_usd, is_lost = true, settled_at = now()
       FROM lost WHERE r.id = lost.id
       RETURNING r.skill_id, r.created_at, r.cost_usd AS usd
     ), added AS (${addToTotals})
     SELECT count(*)::int AS count FROM done`,
  );
  return rows[0]?.count ?? 0;
}
