import type { Database } from '../database/client.ts';

/** For so many days something may be unread. */
export const newsDays = 14;

/** Marks what came of runs as read by the owner. Of older runs, which count as read anyway, the marks go. */
export async function readExecutions({ db }: { db: Database }, ids: readonly string[]): Promise<void> {
  await db.pool.query(
    `INSERT INTO execution_reads (execution_id)
     SELECT id FROM executions WHERE id = ANY($1::uuid[]) AND completed_at IS NOT NULL
     ON CONFLICT DO NOTHING`,
    [ids],
  );
  // A run is read after its end: what was read so long ago ended before.
  await db.pool.query(`DELETE FROM execution_reads WHERE read_at < now() - make_interval(days => $1)`, [
    newsDays,
  ]);
}

/** Takes that back. */
export async function unreadExecutions({ db }: { db: Database }, ids: readonly string[]): Promise<void> {
  await db.pool.query('DELETE FROM execution_reads WHERE execution_id = ANY($1::uuid[])', [ids]);
}
