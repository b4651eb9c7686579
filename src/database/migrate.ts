/**
 * Migrations at boot: the same files and the same record (`_prisma_migrations`) as `npx prisma migrate deploy`, applied by
 * the same engine; under a lock, and after a dump of what is there.
 */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Logger } from '../kernel/log.ts';
import { type AppliedMigration, readAppliedMigrations } from './applied-migrations.ts';
import { applyMigrations } from './apply-migrations.ts';
import { dumpDatabase } from './dump.ts';
import { lockForConnection } from './locks.ts';
import { readMigrations } from './migrations.ts';
import { prepareSession } from './prepare-session.ts';
import { pruneDumps } from './prune-dumps.ts';
import { readTables } from './tables.ts';

export type MigrateOptions = {
  url: string;
  /** Of this VM: dumps go to its `backups/`. */
  home: string;
  log: Logger;
  onProgress?: (line: string) => void;
  /** For tests: others than this program's own. */
  migrations?: MigrationList;
};

/**
 * Brings the database to this program's schema. Nothing happens when it is there already.
 *
 * @returns the migrations applied now, and the dump taken before, if there was anything to dump
 * @throws AlfredError E_SCHEMA_NEWER when the database knows migrations that this program does not; E_DATABASE
 */
export async function migrateDatabase(
  options: MigrateOptions,
): Promise<{ applied: string[]; dump: string | null }> {
  const { url, home, log, onProgress = () => {}, migrations = await readMigrations() } = options;
  const client = await connect(url);
  try {
    await lock(client, onProgress);
    const present = await readAppliedMigrations(client);
    await refuseNewer(present, migrations, home);
    warnOfEdited(present, migrations, log);
    const pending = migrations.migrationDirectories.filter(
      ({ path: name }) =>
        !present.some((migration) => migration.name === name && migration.state === 'applied'),
    );
    const [first] = pending;
    if (first === undefined) return { applied: [], dump: null };
    await refuseForeign(client, present);

    const dump = present.length > 0 ? path.join(home, 'backups', dumpName(first.path)) : null;
    if (dump !== null) {
      onProgress(`saving the database to ${dump}`);
      await dumpDatabase(url, dump);
    }
    onProgress(`applying ${pending.length === 1 ? 'a migration' : `${pending.length} migrations`}`);
    const begun = present.filter(({ state }) => state === 'failed').map(({ name }) => name);
    const applied = await applyMigrations(url, migrations, log, begun);
    if (dump !== null) await pruneDumps(home);
    log.info({ applied, dump }, 'migrations applied');
    return { applied, dump };
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await prepareSession(client);
    return client;
  } catch (cause) {
    throw new AlfredError('E_DATABASE', `The database does not answer: ${messageOf(cause)}`, {
      remedy: 'See that PostgreSQL is running and that DATABASE_URL names it.',
      cause,
    });
  }
}

async function lock(client: pg.Client, onProgress: (line: string) => void): Promise<void> {
  for (let tries = 0; ; tries++) {
    if (await lockForConnection(client, 'migrations')) return;
    if (tries === 10) onProgress('waiting for another program that migrates this database');
    await sleep(100);
  }
}

async function refuseNewer(present: AppliedMigration[], known: MigrationList, home: string): Promise<void> {
  const names = known.migrationDirectories.map(({ path: name }) => name);
  const unknown = present.map(({ name }) => name).filter((name) => !names.includes(name));
  const [first] = unknown;
  if (first === undefined) return;
  const dump = await dumpBefore(first, home);
  throw new AlfredError(
    'E_SCHEMA_NEWER',
    `The database is newer than this version of Alfred: it has the migrations ${unknown.join(', ')}, which this version does not know. Nothing was changed.`,
    {
      remedy:
        dump === undefined
          ? 'Start the newer version. The dump that it took first is not here any more: to go back, restore a backup that this version made: npx alfred backup list'
          : `Start the newer version. To go back, restore the dump that it took first: npx alfred backup restore ${dump}`,
    },
  );
}

/** The latest dump from before a migration, where it is still there. */
async function dumpBefore(migration: string, home: string): Promise<string | undefined> {
  const folder = path.join(home, 'backups');
  const names = await readdir(folder).catch(() => []); // DATABASE_URL may be of another home
  const latest = names
    .filter((name) => name.startsWith(`before-${migration}-`))
    .sort()
    .at(-1);
  return latest === undefined ? undefined : path.join(folder, latest);
}

/** Prisma, too, goes on when a migration's text changed after it was applied; but somebody should know. */
function warnOfEdited(present: AppliedMigration[], known: MigrationList, log: Logger): void {
  for (const { path: name, migrationFile } of known.migrationDirectories) {
    if (migrationFile.content.tag !== 'ok') continue;
    const checksum = sha256(migrationFile.content.value).toString('hex');
    const applied = present.find((migration) => migration.name === name);
    if (applied && applied.checksum !== checksum) {
      log.warn({ migration: name }, 'this migration was changed after this database had applied it');
    }
  }
}

/** Tables without a record of migrations are somebody else's: nothing of ours goes between them. */
async function refuseForeign(client: pg.Client, present: AppliedMigration[]): Promise<void> {
  if (present.length > 0) return;
  const tables = await readTables(client);
  if (tables.length === 0) return;
  throw new AlfredError(
    'E_DATABASE',
    `The database holds tables that are not Alfred's (${tables
      .map(({ name }) => name)
      .slice(0, 5)
      .join(', ')}).`,
    { remedy: 'Make an empty database for Alfred and name it in DATABASE_URL.' },
  );
}

const dumpName = (firstPending: string): string =>
  `before-${firstPending}-${timeNow().toISOString().replaceAll(':', '-')}.dump.zst`;
