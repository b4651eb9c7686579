/**
 * Migrations at boot: the same files and the same record (`_prisma_migrations`) as `npx prisma migrate deploy`, applied by
 * the same engine, as WebAssembly.
 */
import type { MigrationList } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { readMigrations } from './migrations.ts';
import { openSchemaEngine } from './schema-engine.ts';

export type MigrateOptions = {
  url: string;
  home: string;
  log: Logger;
  onProgress?: (line: string) => void;
};

/** Two programs that start at once on one database take turns. Any number that nobody else uses: "alfred" in ASCII. */
const migrationLock = '107075202213220';

export async function migrateDatabase({
  url,
  log,
}: MigrateOptions): Promise<{ applied: string[]; dump: string | null }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const applied = await applyMigrations(url, await readMigrations(), log);
    return { applied, dump: null };
  } finally {
    await client.end();
  }
}

/** @throws AlfredError E_DATABASE naming the migration that failed */
export async function applyMigrations(
  url: string,
  migrationsList: MigrationList,
  log: Logger,
): Promise<string[]> {
  const { engine, close } = await openSchemaEngine(url, (line) => log.trace({ line }, 'schema engine'));
  try {
    const filters = { externalTables: [], externalEnums: [] };
    return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
  } catch (cause) {
    throw new AlfredError('E_DATABASE', `The migrations could not be applied: ${messageOf(cause)}`, {
      cause,
    });
  } finally {
    await close();
  }
}
