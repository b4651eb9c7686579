/**
 * A home beside the present one, made out of a backup: looked at and thrown away, or put in the place of what is there.
 * It stands in the home, in a folder of its own, so that it is on the same disk and may be renamed.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { startEmbeddedPostgres } from '../database/embedded.ts';
import { migrateDatabase } from '../database/migrate.ts';
import { readMigrations } from '../database/migrations.ts';
import { removeEmbedded } from '../database/postgres-place.ts';
import { restoreFrom } from '../database/restore.ts';
import { freeBytes } from '../kernel/disk-room.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { makeFolder } from '../kernel/make-folder.ts';
import { tryFileLock } from '../processes/file-lock.ts';
import { acquireHomeLock } from '../processes/home-lock.ts';
import { type OpenBackup, type OpenCoreBackup, restoreFiles } from './open-backup.ts';
import { isSwapping } from './swap-home.ts';

export type Stage = {
  /** The folder that is a home. */
  home: string;
  url: string;
  /** Of each table. */
  rows: Record<string, number>;
  files: number;
  /** Stops its database. Harmless when called again. */
  stop(): Promise<void>;
  /** Stops it and removes all of it. */
  remove(): Promise<void>;
};

export type StageOptions = {
  /** The home in which it stands. */
  home: string;
  /** What it is for. */
  kind: 'restoring' | 'verifying';
  log: Logger;
  onProgress: (line: string) => void;
  /** An empty database of the owner's to fill, instead of one of its own. */
  databaseUrl?: string | undefined;
  /** A VM's when left out. */
  migrations?: MigrationList;
};

const stageName = /^(restoring|verifying)-[0-9a-f]{8}$/;

/**
 * Makes the home: its files, and its database with all migrations of this program.
 *
 * @throws AlfredError E_BACKUP or E_MALFORMED when the backup is damaged, E_SCHEMA_NEWER, E_DISK_FULL, E_DATABASE, and
 *   E_CONFLICT when `databaseUrl` is not empty; nothing of the home is left then
 */
export async function stageHome(backup: OpenBackup | OpenCoreBackup, options: StageOptions): Promise<Stage> {
  const { home, kind, log, onProgress, databaseUrl, migrations = await readMigrations() } = options;
  await makeFolder(home);
  await removeLeftStages(home);
  await refuseWithoutRoom(home, backup);
  const folder = path.join(home, `${kind}-${randomBytes(4).toString('hex')}`);
  const lock = await acquireHomeLock(folder);
  const ends: (() => Promise<void>)[] = [() => lock.release()];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  const remove = async () => {
    await stop();
    await removeStage(folder);
  };
  try {
    onProgress('files of the home');
    const files = await restoreFiles(backup, folder);
    const started =
      databaseUrl === undefined
        ? await startEmbeddedPostgres({ home: folder, log, onProgress, durable: kind === 'restoring' })
        : undefined;
    if (started) ends.push(() => started.stop());
    const url = databaseUrl ?? started?.url ?? '';
    const { rows } = await restoreFrom(backup.reader, {
      url,
      name: backup.file,
      log,
      onTable: onProgress,
      migrations,
    });
    onProgress('bringing the schema up to date');
    await migrateDatabase({ url, home: folder, log, migrations });
    return { home: folder, url, rows, files, stop, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Removes what a restore or a verification that was killed left in `home`. */
export async function removeLeftStages(home: string): Promise<void> {
  // What shall come into the home yet is not what was left.
  if (isSwapping(home)) return;
  const names = existsSync(home) ? await readdir(home) : [];
  for (const name of names.filter((each) => stageName.test(each))) {
    const folder = path.join(home, name);
    const lock = tryFileLock(path.join(folder, 'lock.sqlite'));
    // Somebody works in it.
    if (!lock) continue;
    lock.release();
    await removeStage(folder);
  }
}

async function removeStage(folder: string): Promise<void> {
  await removeEmbedded(folder);
  await rm(folder, { recursive: true, force: true });
}

async function refuseWithoutRoom(home: string, { header, file }: OpenBackup | OpenCoreBackup): Promise<void> {
  const needed = header?.databaseBytes ?? 0;
  const free = await freeBytes(home);
  if (free >= needed) return;
  const size = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  throw new AlfredError(
    'E_DISK_FULL',
    `The database in ${file} took ${size(needed)}, and ${size(free)} are left in ${home}.`,
    { remedy: 'Make room there, or set ALFRED_HOME to a folder on another disk.' },
  );
}
