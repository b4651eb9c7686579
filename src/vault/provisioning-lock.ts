/** One program at a time finds out whether a database is provisioned: two that did it at once would each make a keyring. */
import type { Database } from '../database/client.ts';

/** Any number that nobody else takes in this database: "vault" in ASCII. */
const lockNumber = 0x7661756c74;

/** Runs `work` while no other program is in here on this database. */
export async function underProvisioningLock<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockNumber]);
    try {
      return await work();
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [lockNumber]).catch((error: Error) => {
        broken = error;
      });
    }
  } finally {
    // A connection that may still hold the lock is closed rather than kept.
    client.release(broken);
  }
}
