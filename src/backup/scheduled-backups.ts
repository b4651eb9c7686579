/**
 * Backups by schedule: one is made when a time of the schedule has passed since the last, whoever made that. Only public keys
 * are here, so that nothing on this machine opens them. What fails is on record, told to the owner, and tried again.
 */
import { systemActor } from '../audit/record-audit.ts';
import { readConfig } from '../config/read-config.ts';
import type { BackupState } from '../contract/backups.ts';
import type { Database } from '../database/client.ts';
import { pruneDumps } from '../database/prune-dumps.ts';
import { readNow, readSettledNow } from '../database/times.ts';
import { doubled } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { repeat } from '../kernel/repeat.ts';
import type { Settings } from '../kernel/settings.ts';
import type { Queue } from '../queue/queue.ts';
import type { Vault } from '../vault/vault.ts';
import { readBackupState } from './backup-state.ts';
import { createBackup } from './create-backup.ts';
import { openPlace } from './open-place.ts';
import { pruneBackups, scheduledName } from './prune-backups.ts';
import { recordBackup } from './record-backup.ts';
import { tellOfFailure, tellOfOverdue } from './tell-of-backups.ts';

export type ScheduledDeps = {
  db: Database;
  vault: Vault;
  queue: Queue;
  settings: Pick<Settings, 'home' | 'rootKey'>;
  log: Logger;
  /** Which moment it is; the database's, when left out. */
  clock?: Clock;
};

export type ScheduledBackups = {
  /** Makes what is due now; returns its file. */
  tick(): Promise<string | undefined>;
  /** Looks every minute from now on. */
  start(): void;
  stop(): Promise<void>;
};

const everyMs = 60_000;
/** What grows too old is looked at this often, whether backups are made or not. */
const pruneEveryMs = 3_600_000;
/** How long it waits after failures. */
const backoff = { baseMs: 5 * 60_000, capMs: 6 * 3_600_000 };

export function createScheduledBackups(deps: ScheduledDeps): ScheduledBackups {
  const { db, vault, settings, log, clock } = deps;
  const looks = repeat(tick, {
    everyMs,
    onTrouble: (error) =>
      log.error(`backups could not be looked at, and are again in a minute: ${messageOf(error)}`),
  });
  const { signal } = looks;
  let failures = 0;
  let notBefore = 0;
  let pruneAt = 0;

  async function tick(): Promise<string | undefined> {
    const now = clock?.now() ?? (await readNow(db.pool));
    const state = await readBackupState(db, now);
    await tellOfOverdue(deps, state, now);
    const isDue = state.dueSince !== null && now.getTime() >= notBefore;
    const file = isDue ? await tryToMake(state, now) : undefined;
    if (file !== undefined || now.getTime() >= pruneAt) await prune(now, state.schedule !== null);
    return file;
  }

  async function tryToMake(state: BackupState, now: Date): Promise<string | undefined> {
    try {
      const file = await make(now);
      failures = 0;
      return file;
    } catch (error) {
      if (signal.aborted) return undefined;
      failures += 1;
      notBefore = now.getTime() + doubled(failures, backoff);
      const why = vault.redactor.text(messageOf(error));
      log.error({ dueSince: state.dueSince }, `no backup was made, and it is tried again later: ${why}`);
      await tellOfFailure(deps, state, why);
      return undefined;
    }
  }

  async function make(now: Date): Promise<string> {
    const { backup_recipients: recipients } = await readConfig(db.prisma, 'backup_recipients');
    if (recipients === undefined) {
      throw new AlfredError('E_BACKUP', 'A schedule is set, and nobody for whom backups are encrypted.', {
        remedy: 'npx alfred config set backup_recipients age1…',
      });
    }
    const place = await openPlace({ db, vault, settings });
    const name = scheduledName(vault.vaultId, now);
    const made = await createBackup({ url: db.url, settings }, { place, name, to: { recipients }, signal });
    await recordBackup(db, made, systemActor);
    log.info({ file: made.file, bytes: made.bytes }, 'a backup was made');
    return made.file;
  }

  /** Removes what is beyond the number or the age that is kept: backups where they are made by schedule, and dumps. */
  async function prune(now: Date, hasSchedule: boolean): Promise<void> {
    pruneAt = now.getTime() + pruneEveryMs;
    // Not by a clock that jumped ahead, and may be put right.
    const settled = clock === undefined ? await readSettledNow(db.pool) : now;
    const config = await readConfig(db.prisma, 'backup_keep', 'backup_keep_days');
    const keep = { count: config.backup_keep, days: config.backup_keep_days };
    const removed = [
      ...(hasSchedule
        ? await pruneBackups(await openPlace({ db, vault, settings }), {
            vaultId: vault.vaultId,
            keep,
            now: settled,
          })
        : []),
      ...(await pruneDumps(settings.home, { days: keep.days, now: settled })),
    ];
    if (removed.length > 0) log.info({ removed }, 'old backups were removed');
  }

  return { tick, start: looks.start, stop: looks.stop };
}
