/**
 * Core's backups, in the form of a VM's (src/backup/backup-format.ts): all tables as they are at one moment, and its keys, in one
 * encrypted file. The operator's token is not in it: a Core that starts without one makes it anew.
 */
import { existsSync } from 'node:fs';
import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';
import { encodeFile } from '../../src/backup/home-files.ts';
import type { OpenCoreBackup } from '../../src/backup/open-backup.ts';
import { type Stage, stageHome } from '../../src/backup/stage.ts';
import { swapHome } from '../../src/backup/swap-home.ts';
import { lineOf, type WriteOptions, type WrittenBackup, writeBackup } from '../../src/backup/write-backup.ts';
import type { CoreActsVerified } from '../../src/contract/core-people.ts';
import { dumpTables, openSnapshot, type Snapshot } from '../../src/database/dump.ts';
import { endOfRows } from '../../src/database/dump-format.ts';
import { readMigrations } from '../../src/database/migrations.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { AlfredError, isAlfredError, messageOf } from '../../src/kernel/errors.ts';
import type { Logger } from '../../src/kernel/log.ts';
import { version } from '../../src/kernel/version.ts';
import { verifyActs } from '../audit/read-acts.ts';
import { recordAct } from '../audit/record-act.ts';
import { type CoreDatabase, coreMigrationsFolder, openCoreDatabase } from '../database.ts';
import { readKeyFile } from '../keys/key-files.ts';
import { signerOf } from '../keys/signer.ts';

/** The files of a home that are nowhere else. */
const keyFiles = ['keys/signing.json', 'keys/alert-secret'];

export type CoreBackupCreated = WrittenBackup & { createdAt: string; signingKey: string };

type Progress = { onProgress: (line: string) => void };

/**
 * Writes a backup (0600) of the Core on `home`, which goes on working meanwhile. The file is whole, or not there.
 *
 * @param url of its database
 * @throws AlfredError E_BACKUP, E_DISK_FULL; E_CONFLICT when the file is there; E_VALIDATION for a passphrase or a recipient
 */
export async function createCoreBackup(
  { home, url }: { home: string; url: string },
  options: WriteOptions & Progress & { actor?: 'file' | 'core' },
): Promise<CoreBackupCreated> {
  const keys = await readKeyFile(home);
  if (!keys)
    throw new AlfredError('E_BACKUP', `There is no signing key in ${home}: no Core was ever started.`);
  try {
    const snapshot = await openSnapshot(url);
    try {
      const { rows } = await snapshot.client.query<{ bytes: string }>(
        'SELECT pg_database_size(current_database()) AS bytes',
      );
      const header = {
        format: 'alfred-core-backup/1',
        createdAt: timeNow().toISOString(),
        program: version,
        signingKey: (await signerOf(keys)).kid,
        databaseBytes: Number(rows[0]?.bytes ?? 0),
      } as const;
      const written = await writeBackup(textOf(header, home, snapshot, options), header, options);
      await withCore(url, ({ prisma }) =>
        prisma.$transaction((tx) =>
          recordAct(tx, {
            actor: options.actor ?? 'file',
            action: 'backup.created',
            data: { file: path.basename(written.file).slice(0, 100), bytes: written.bytes },
          }),
        ),
      );
      return { ...written, createdAt: header.createdAt, signingKey: header.signingKey };
    } finally {
      await snapshot.close();
    }
  } catch (error) {
    if (isAlfredError(error)) throw error;
    throw new AlfredError('E_BACKUP', `No backup was made: ${messageOf(error)}`, { cause: error });
  }
}

async function* textOf(header: object, home: string, snapshot: Snapshot, { onProgress }: Progress) {
  yield lineOf(header);
  onProgress('keys');
  for (const file of keyFiles.filter((name) => existsSync(path.join(home, name)))) {
    yield lineOf({ file, mode: (await stat(path.join(home, file))).mode & 0o777 });
    yield* encodeFile(path.join(home, file));
    yield `${endOfRows}\n`;
  }
  yield* dumpTables(snapshot, onProgress);
}

export type CoreBackupVerified = {
  /** Whoever restores it has all that was in it. */
  ok: boolean;
  file: string;
  bytes: number;
  createdAt: string;
  rows: number;
  vms: number;
  reports: number;
  /** Whether the signing key is in it that it says. */
  key: boolean;
  audit: CoreActsVerified;
};

type StageWork = Progress & { home: string; log: Logger };

/** Restores it into a database of its own, which is removed again, and looks at all of it. @throws AlfredError as stageHome does */
export async function verifyCoreBackup(
  backup: OpenCoreBackup,
  options: StageWork,
): Promise<CoreBackupVerified> {
  const stage = await stageCore(backup, { ...options, kind: 'verifying' });
  try {
    const audit = await withCore(stage.url, (db) => verifyActs(db));
    const { file, bytes, header } = backup;
    const key = await hasKey(stage, backup);
    return {
      ok: audit.ok && key,
      file,
      bytes,
      createdAt: header.createdAt,
      rows: Object.values(stage.rows).reduce((sum, count) => sum + count, 0),
      vms: stage.rows.vms ?? 0,
      reports: stage.rows.metric_reports ?? 0,
      key,
      audit,
    };
  } finally {
    await stage.remove();
  }
}

export type CoreBackupRestored = {
  home: string;
  createdAt: string;
  vms: number;
  reports: number;
  /** Where what was in the home is kept; null when it was empty. */
  aside: string | null;
};

/**
 * Puts a backup in the place of what is in the home, all at once. Whoever was signed in is signed out, and every named token is
 * ended. Call with the home's lock
 * held, and finishSwap done.
 *
 * @throws AlfredError as stageHome does; E_BACKUP when the signing key is not in it. The home is as it was then
 */
export async function restoreCoreBackup(
  backup: OpenCoreBackup,
  options: StageWork & { databaseUrl: string | undefined },
): Promise<CoreBackupRestored> {
  const { home, databaseUrl, onProgress } = options;
  const stage = await stageCore(backup, { ...options, kind: 'restoring' });
  try {
    if (!(await hasKey(stage, backup))) {
      throw new AlfredError('E_BACKUP', `${backup.file} has not the signing key that it names.`);
    }
    const { createdAt } = backup.header;
    await withCore(stage.url, ({ prisma }) =>
      prisma.$transaction(async (tx) => {
        await tx.accessToken.updateMany({
          // Those that were ended since would be good again.
          where: { kind: { not: 'file' }, revokedAt: null },
          data: { revokedAt: timeNow() },
        });
        await recordAct(tx, { actor: 'file', action: 'backup.restored', data: { createdAt } });
      }),
    );
    await chmod(path.join(stage.home, 'keys'), 0o700);
    await stage.stop();
    onProgress('putting it in place');
    const names = ['keys', ...(databaseUrl === undefined ? ['postgres'] : [])];
    const aside = await swapHome(home, { from: stage.home, names, now: timeNow() });
    const { vms = 0, metric_reports: reports = 0 } = stage.rows;
    return { home, createdAt, vms, reports, aside: aside ?? null };
  } finally {
    await stage.remove();
  }
}

async function stageCore(
  backup: OpenCoreBackup,
  options: StageWork & { kind: 'verifying' | 'restoring'; databaseUrl?: string | undefined },
): Promise<Stage> {
  return stageHome(backup, { ...options, migrations: await readMigrations(coreMigrationsFolder) });
}

async function hasKey({ home }: Stage, { header }: OpenCoreBackup): Promise<boolean> {
  const keys = await readKeyFile(home);
  return keys !== undefined && (await signerOf(keys)).kid === header.signingKey;
}

async function withCore<T>(url: string, work: (db: CoreDatabase) => Promise<T>): Promise<T> {
  const db = await openCoreDatabase(url, 2);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
