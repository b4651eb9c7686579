/** PostgreSQL's advisory locks: every one that the VM takes, and the ways to take one. */
import type pg from 'pg';
import { sha256 } from '../kernel/hash.ts';
import type { Transaction } from './client.ts';

/** Their numbers, which spell what is in quotes in ASCII. pg-boss takes hashes for its own. */
const numbers = {
  /** "alfred": programs that start at once on one database migrate it in turn. */
  migrations: 0x616c66726564n,
  /** "vault": two that found a database without a keyring would each make one. */
  provisioning: 0x7661756c74n,
  /** "keys": one program at a time changes the keys. */
  keys: 0x6b657973n,
  /** "skills": of two that start at once, the second finds the system skills that the first made. */
  systemSkills: 0x736b696c6c73n,
  /** "stop": starts share it, the kill switch takes it alone; what is started is either seen and cancelled, or refused. */
  stop: 0x73746f70n,
  /** "spend": who sets money aside under a cap does so alone. */
  spend: 0x7370656e64n,
  /** "sweep": one sweep of rows and jobs at a time. */
  sweep: 0x7377656570n,
  /** "retain": one process at a time drops what is too old. */
  retention: 0x72657461696en,
  /** "report": of two that make reports to Core, the second sees what the first has counted. */
  reports: 0x7265706f7274n,
} as const;

/** One for all; or one for each connection's login, as a server that renews with every token once is asked by one at a time. */
export type Lock = keyof typeof numbers | { each: 'login'; id: string };

/** A transaction of Prisma's, or a connection of pg's in one. */
type InTransaction = Pick<Transaction, '$queryRawUnsafe'> | Pick<pg.ClientBase, 'query'>;

/** Waits for a lock and holds it until the transaction ends. */
export async function holdLock(tx: InTransaction, lock: Lock): Promise<void> {
  await ask(tx, 'SELECT pg_advisory_xact_lock($1)::text', lock);
}

/** As `holdLock`, together with others who only share it. */
export async function shareLock(tx: InTransaction, lock: Lock): Promise<void> {
  await ask(tx, 'SELECT pg_advisory_xact_lock_shared($1)::text', lock);
}

/** The same as text, for a statement that goes with another in one message. */
export const shareLockText = (lock: keyof typeof numbers): string =>
  `SELECT pg_advisory_xact_lock_shared(${numbers[lock]})`;

/** As `holdLock`, but only if nobody has it. @returns whether it is held now */
export async function holdFreeLock(tx: InTransaction, lock: Lock): Promise<boolean> {
  return (await ask(tx, 'SELECT pg_try_advisory_xact_lock($1) AS taken', lock))?.taken === true;
}

/** Takes a lock if nobody has it, until the connection ends. @returns whether it is held now */
export async function lockForConnection(client: Pick<pg.ClientBase, 'query'>, lock: Lock): Promise<boolean> {
  return (await ask(client, 'SELECT pg_try_advisory_lock($1) AS taken', lock))?.taken === true;
}

/**
 * Runs `work` while a connection of the pool holds a lock, which is waited for. The connection goes back afterwards; one that may
 * still hold the lock is closed.
 *
 * @param unless with `ifTaken`, nothing is waited for: that is the answer when somebody has the lock
 */
export async function underLock<T>(
  pool: pg.Pool,
  lock: Lock,
  work: () => Promise<T>,
  unless?: { ifTaken: T },
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    if (unless === undefined) await ask(client, 'SELECT pg_advisory_lock($1)::text', lock);
    else if (!(await lockForConnection(client, lock))) return unless.ifTaken;
    try {
      return await work();
    } finally {
      await ask(client, 'SELECT pg_advisory_unlock($1)', lock).catch((trouble: Error) => {
        broken = trouble;
      });
    }
  } finally {
    client.release(broken);
  }
}

type Answer = { taken?: boolean };

async function ask(db: InTransaction, sql: string, lock: Lock): Promise<Answer | undefined> {
  const rows =
    'query' in db
      ? (await db.query<Answer>(sql, [numberOf(lock)])).rows
      : await db.$queryRawUnsafe<Answer[]>(sql, numberOf(lock));
  return rows[0];
}

const numberOf = (lock: Lock): bigint =>
  typeof lock === 'string' ? numbers[lock] : sha256(`${lock.each}:${lock.id}`).readBigInt64BE();
