import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Prisma } from '../../generated/prisma/client.ts';

const attempts = 8;

/** SQLSTATE 40001 and 40P01, as pg says them; as Prisma does (P2034), or within a raw query (P2010). */
function isConflict(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.code === '40001' || error.code === '40P01';
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return (
    error.code === 'P2034' ||
    (error.code === 'P2010' && /\b(40001|40P01)\b/.test(JSON.stringify(error.meta) ?? ''))
  );
}

/**
 * Runs a transaction, and again when PostgreSQL ended it for a deadlock or a serialization failure: it must therefore have no
 * effect outside the database.
 */
export async function againAfterConflict<T>(transact: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transact();
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error;
      await sleep(Math.random() * 2 ** attempt * 5);
    }
  }
}
