import { AlfredError, messageOf } from '../kernel/errors.ts';

/** How long the database may take to say that it is there, in milliseconds: whoever watches wants an answer, and soon. */
const patienceMs = 2_000;

/**
 * Asks whether the database answers. While one question is open no other is put: a database that hangs would gather them.
 *
 * @throws AlfredError E_NOT_READY when it refuses, or says nothing in time
 */
export function databaseAnswers(
  pool: { query(statement: string): Promise<unknown> },
  waitMs = patienceMs,
): () => Promise<void> {
  let open: Promise<unknown> | undefined;
  return async () => {
    open ??= pool.query('SELECT 1').finally(() => (open = undefined));
    const late = Symbol('late');
    const { promise: limit, resolve } = Promise.withResolvers<typeof late>();
    const timer = setTimeout(() => resolve(late), waitMs);
    try {
      if ((await Promise.race([open, limit])) !== late) return;
    } catch (cause) {
      throw new AlfredError('E_NOT_READY', `The database does not answer: ${messageOf(cause)}`, { cause });
    } finally {
      clearTimeout(timer);
    }
    throw new AlfredError('E_NOT_READY', `The database did not answer within ${waitMs / 1_000} s.`, {
      remedy: 'See whether PostgreSQL hangs, or its disk does.',
    });
  };
}
