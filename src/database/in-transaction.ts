import type pg from 'pg';

/**
 * Runs `work` in a transaction on one connection of the pool. The connection always goes back: for the next who asks, or, when
 * it could not be brought out of a transaction that failed, to be closed.
 *
 * @param begin how the transaction begins
 * @throws what `work` throws, after everything that it wrote was taken back; what COMMIT throws, when nobody knows
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const done = await work(client);
    await client.query('COMMIT');
    return done;
  } catch (error) {
    // What went wrong first is the thing to say.
    await client.query('ROLLBACK').catch((trouble: Error) => {
      broken = trouble;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
