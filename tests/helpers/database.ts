/** A real database for a test file: cloned from the migrated template of this test run. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type CoreDatabase, openCoreDatabase } from '../../core/database.ts';
import { type Database, openDatabase } from '../../src/database/client.ts';
import { listAllRows } from '../../src/vault/plain-rows.ts';
import { keepRowGuard, RowGuard } from '../../src/vault/row-guard.ts';

export type TestDatabase = Database & {
  /** Closes and removes it; fails when a connection to it was left open. */
  drop(): Promise<void>;
};

/** A new database with all tables and nothing in them. Call `drop` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return openTestDatabase(await createDatabase(inject('templateName')));
}

/** Opens a migrated database that is there; `drop` does what is given. */
export async function openTestDatabase({
  url,
  drop,
}: {
  url: string;
  drop(): Promise<void>;
}): Promise<TestDatabase> {
  const database = await openDatabase(url, { connections: 5 });
  // As a vault would that is opened on it; one that is, signs with its own key from then on.
  keepRowGuard(database.prisma, new RowGuard({ vaultId: 'a test', rowKeys: [Buffer.alloc(32, 1)] }));
  if ((await database.prisma.config.count()) === 0) await listAllRows(database.prisma);
  return {
    ...database,
    async drop() {
      await database.close();
      await drop();
    },
  };
}

export type TestCoreDatabase = CoreDatabase & { drop(): Promise<void> };

/** A new database of Core's. Call `drop` in `afterAll`. */
export async function createTestCoreDatabase(): Promise<TestCoreDatabase> {
  const { url, drop } = await createDatabase(inject('coreTemplateName'));
  const database = await openCoreDatabase(url, 5);
  return {
    ...database,
    async drop() {
      await database.close();
      await drop();
    },
  };
}

/** A new database without tables. */
export const createEmptyDatabase = (): Promise<{ url: string; drop(): Promise<void> }> =>
  createDatabase('template0');

async function createDatabase(template: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`DROP DATABASE ${name}`) };
}

/** Runs a statement about databases, from outside them. */
async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('serverUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
