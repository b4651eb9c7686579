/** The client of a database: Prisma for most queries, and the same connections bare for the hot lists. */
import type pg from 'pg';
import { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { againAfterConflict } from './again-after-conflict.ts';
import { LargeTextAdapter } from './large-texts.ts';
import { openPool } from './open-pool.ts';

export * from '../../generated/prisma/enums.ts';
export { Prisma };

/** Where a verb wants a transaction; `Database['prisma']` fits too. */
export type Transaction = Prisma.TransactionClient;

type TransactionOptions = {
  /** READ COMMITTED when left out, as its connection has it (open-pool.ts). */
  isolation?: 'RepeatableRead' | 'Serializable';
  /** For the whole of `work`, in milliseconds. */
  timeoutMs?: number;
};

export type Database = {
  prisma: PrismaClient;
  /** The connections that `prisma` uses too. */
  pool: pg.Pool;
  url: string;
  /**
   * Runs `work` in one transaction, again when PostgreSQL ended it for a deadlock or a serialization failure. `work` must
   * therefore have no effect outside the database.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** How many connections at most. */
  connections?: number;
};

/** Of each transaction under way the client that it belongs to. */
const clients = new WeakMap<object, object>();

/** The client that a transaction belongs to; a client itself is its own. */
export const clientOf = (db: object): object => clients.get(db) ?? db;

/**
 * Opens a database and sees that it answers.
 *
 * @param url postgresql://…; a Unix socket as `?host=/folder`
 * @throws AlfredError E_DATABASE when it cannot be reached
 */
export async function openDatabase(
  url: string,
  { connections = 10 }: DatabaseOptions = {},
): Promise<Database> {
  const pool = await openPool(url, { connections, variable: 'DATABASE_URL' });
  const prisma = new PrismaClient({ adapter: new LargeTextAdapter(pool), errorFormat: 'minimal' });

  return {
    prisma,
    pool,
    url,
    transaction: (work, { isolation, timeoutMs = 30_000 } = {}) =>
      againAfterConflict(() =>
        prisma.$transaction(
          (tx) => {
            clients.set(tx, prisma);
            return work(tx);
          },
          {
            ...(isolation === undefined ? {} : { isolationLevel: isolation }),
            maxWait: timeoutMs,
            timeout: timeoutMs,
          },
        ),
      ),
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}
