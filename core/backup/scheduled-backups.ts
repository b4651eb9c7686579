/**
 * Core's backups by schedule: one is made when a time of the schedule has passed since the last, whoever made that. Only public keys
 * are here. What fails is on record, shown, and tried again. Of several processes over one database one makes it.
 */
import type { BackupPlace } from '../../src/backup/backup-place.ts';
import { pruneBackups, scheduledName } from '../../src/backup/prune-backups.ts';
import { doubled } from '../../src/kernel/backoff.ts';
import { millisNow, timeNow } from '../../src/kernel/clock.ts';
import { AlfredError, messageOf } from '../../src/kernel/errors.ts';
import type { Logger } from '../../src/kernel/log.ts';
import { type Repeat, repeat } from '../../src/kernel/repeat.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase } from '../database.ts';
import { type CoreBackupSettings, openCorePlace } from './backup-settings.ts';
import { readBeginning, readCoreBackupState } from './backup-state.ts';
import { createCoreBackup } from './core-backup.ts';

type Deps = { db: CoreDatabase; home: string; backups: CoreBackupSettings; log: Logger };

const everyMs = 60_000;
/** How long it waits after failures. */
const backoff = { baseMs: 5 * 60_000, capMs: 6 * 3_600_000 };

/** In the names of those that are made by schedule, as several Cores may share a place. */
async function ownName(db: CoreDatabase): Promise<string> {
  const beginning = await readBeginning(db);
  if (!beginning) throw new AlfredError('E_BACKUP', 'This Core never made a token for its operator.');
  return beginning.id.slice(-8);
}

export function watchCoreBackups(deps: Deps): Repeat {
  const { log } = deps;
  let failures = 0;
  let notBefore = 0;
  const looks = repeat(look, {
    everyMs,
    onTrouble: (error) =>
      log.error(`backups could not be looked at, and are again in a minute: ${messageOf(error)}`),
  });

  async function look(): Promise<void> {
    if (deps.backups.schedule === undefined || millisNow() < notBefore) return;
    try {
      await makeIfDue(deps, looks.signal);
      failures = 0;
    } catch (error) {
      if (looks.signal.aborted) return;
      failures += 1;
      notBefore = millisNow() + doubled(failures, backoff);
      const why = messageOf(error);
      log.error(`no backup was made, and it is tried again later: ${why}`);
      const act = { actor: 'core', action: 'backup.failed', data: { why: why.slice(0, 300) } } as const;
      await deps.db.prisma.$transaction((tx) => recordAct(tx, act));
    }
  }
  return looks;
}

/** Makes what is due now, and removes what is kept no longer. @returns its file */
export async function makeIfDue(
  deps: Deps,
  signal?: AbortSignal,
  now = timeNow(),
): Promise<string | undefined> {
  const { db, home, backups, log } = deps;
  const client = await db.pool.connect();
  try {
    const lock = "hashtextextended('core backup', 0)";
    const { rows } = await client.query<{ mine: boolean }>(`SELECT pg_try_advisory_lock(${lock}) AS mine`);
    if (rows[0]?.mine !== true) return undefined;
    try {
      const { dueSince } = await readCoreBackupState(db, backups, now);
      if (dueSince === null) return undefined;
      const place = await openCorePlace(home, backups);
      const vaultId = await ownName(db);
      const made = await createCoreBackup(
        { home, url: db.url },
        {
          place,
          name: scheduledName(vaultId, now),
          to: { recipients: backups.recipients },
          actor: 'core',
          onProgress: () => {},
          signal,
        },
      );
      log.info({ file: made.file, bytes: made.bytes }, 'a backup was made');
      await prune(deps, place, vaultId, now);
      return made.file;
    } finally {
      await client.query(`SELECT pg_advisory_unlock(${lock})`);
    }
  } finally {
    client.release();
  }
}

/** One that was made is made, whatever becomes of the old ones: they go with the next. */
async function prune({ backups, log }: Deps, place: BackupPlace, vaultId: string, now: Date): Promise<void> {
  try {
    const removed = await pruneBackups(place, { vaultId, keep: backups.keep, now });
    if (removed.length > 0) log.info({ removed }, 'old backups were removed');
  } catch (error) {
    log.warn(`old backups were not removed: ${messageOf(error)}`);
  }
}
