/** The database's time: the one by which something is due, and the one by which something is too old. */
import type pg from 'pg';

/**
 * In SQL. A clock that jumped since the last look is not believed by more than a minute: while nobody looks, nothing grows old.
 * Never later than the clock itself.
 */
export const settledNowSql = `coalesce((
  SELECT least(clock_timestamp(), at + interval '1 minute')
    - make_interval(secs => greatest(ahead_ms, 0) / 1000.0) FROM clock), clock_timestamp())`;

export async function readSettledNow(db: Pick<pg.Pool | pg.ClientBase, 'query'>): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>(`SELECT ${settledNowSql} AS now`);
  const [row] = rows;
  if (!row) throw new Error('A SELECT without FROM gives one row');
  return row.now;
}

/** What the database's clock says: the one that decides what is due, for all processes. */
export async function readNow(db: Pick<pg.Pool | pg.ClientBase, 'query'>): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const [row] = rows;
  if (!row) throw new Error('A SELECT without FROM gives one row');
  return row.now;
}
