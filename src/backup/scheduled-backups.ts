/**
 * Backups by schedule: one is made when a time of the schedule has passed since the last, whoever made that. Only public keys
 * are here, so that nothing on this machine opens them. What fails is on record, and tried again.
 */
import path from 'node:path';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { readConfig } from '../config/read-config.ts';
import type { Database } from '../database/client.ts';
import { doubled } from '../kernel/backoff.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { repeat } from '../kernel/repeat.ts';
import type { Settings } from '../kernel/settings.ts';
import type { Vault } from '../vault/vault.ts';
import { pruneBackups, scheduledName } from './backup-folder.ts';
import { readBackupState } from './backup-state.ts';
import { createBackup } from './create-backup.ts';
import { recordBackup } from './record-backup.ts';

export type ScheduledDeps = {
  db: Database;
  vault: Pick<Vault, 'vaultId'>;
  settings: Pick<Settings, 'home' | 'rootKey'>;
  log: Logger;
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
/** How long it waits after failures. */
const backoff = { baseMs: 5 * 60_000, capMs: 6 * 3_600_000 };

export function createScheduledBackups(deps: ScheduledDeps): ScheduledBackups {
  const { db, vault, settings, log, clock = systemClock } = deps;
  const looks = repeat(tick, {
    everyMs,
    onTrouble: (error) =>
      log.error(`backups could not be looked at, and are again in a minute: ${messageOf(error)}`),
  });
  const { signal } = looks;
  let failures = 0;
  let notBefore = 0;

  async function tick(): Promise<string | undefined> {
    const now = clock.now();
    const { dueSince } = await readBackupState(db, now);
    if (dueSince === null || now.getTime() < notBefore) return undefined;
    try {
      const file = await make(now);
      failures = 0;
      return file;
    } catch (error) {
      if (signal.aborted) return undefined;
      failures += 1;
      notBefore = now.getTime() + doubled(failures, backoff);
      const why = messageOf(error);
      log.error({ dueSince }, `no backup was made, and it is tried again later: ${why}`);
      await recordAudit(db.prisma, { action: 'backup.failed', actor: systemActor, data: { why } });
      return undefined;
    }
  }

  async function make(now: Date): Promise<string> {
    const config = await readConfig(db.prisma, 'backup_recipients', 'backup_to', 'backup_keep');
    const { backup_recipients: recipients, backup_to: folder = path.join(settings.home, 'backups') } = config;
    if (recipients === undefined) {
      throw new AlfredError('E_BACKUP', 'A schedule is set, and nobody for whom backups are encrypted.', {
        remedy: 'npx alfred config set backup_recipients age1…',
      });
    }
    const file = path.join(folder, scheduledName(vault.vaultId, now));
    const made = await createBackup({ url: db.url, settings }, { file, to: { recipients }, signal });
    await recordBackup(db, made, systemActor);
    const removed = await pruneBackups(folder, { vaultId: vault.vaultId, keep: config.backup_keep, now });
    log.info({ file, bytes: made.bytes, removed: removed.length }, 'a backup was made');
    return file;
  }

  return { tick, start: looks.start, stop: looks.stop };
}
