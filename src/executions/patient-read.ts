import type pg from 'pg';
import type { Database } from '../database/client.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { AlfredError } from '../kernel/errors.ts';

/** A phrase whose words are common and never stand so side by side is compared with every text that has them. In milliseconds. */
const patienceMs = 10_000;
const boundedBegin = `BEGIN READ ONLY; SET LOCAL statement_timeout = ${patienceMs}`;

/** Reads what may take long, for ten seconds. @throws AlfredError E_VALIDATION when they are over */
export async function readPatiently<T>(
  { db }: { db: Pick<Database, 'pool'> },
  read: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  try {
    return await inTransaction(db.pool, read, boundedBegin);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '57014') throw tooLong(error);
    throw error;
  }
}

const tooLong = (cause: Error): AlfredError =>
  new AlfredError(
    'E_VALIDATION',
    'This search takes too long: too much fits it, or the words of its phrase are everywhere.',
    {
      remedy: 'Search for a rarer word beside it, or name a skill or a time.',
      fields: [{ field: '/q', message: 'takes too long' }],
      cause,
    },
  );
