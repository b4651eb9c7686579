import { readConfig } from '../config/read-config.ts';
import type { BackupState } from '../contract/backups.ts';
import type { Database } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { nextFire, type Schedule } from '../schedules/schedule.ts';
import { describeSchedule } from '../schedules/schedule-words.ts';
import type { Keep } from './prune-backups.ts';
import { readLastAct } from './record-backup.ts';

/** The schedule of backups, where there is one. */
async function readBackupSchedule({ prisma }: Pick<Database, 'prisma'>): Promise<Schedule | undefined> {
  const { backup_schedule: cron, timezone } = await readConfig(prisma, 'backup_schedule', 'timezone');
  return cron === undefined ? undefined : { cron, timezone };
}

/** A backup that was due for so long is missing, in milliseconds; before, it may be under way. */
const overdueMs = 3_600_000;

/** What is on record of a backup. */
export type BackupActs = { at: Date; data: Record<string, unknown> | null };

/**
 * How backups stand, by what is on record.
 *
 * @param known.since before the first, those count that were due since then
 */
export function backupStateOf(known: {
  schedule: Schedule | undefined;
  to: string | undefined;
  keep: Keep;
  made: BackupActs | undefined;
  failed: BackupActs | undefined;
  since: Date | undefined;
  now: Date;
}): BackupState {
  const { schedule, to, keep, made, failed, now } = known;
  const since = made?.at ?? known.since;
  const due = schedule && since && nextFire(schedule, since);
  const isFailing = failed !== undefined && (made === undefined || failed.at > made.at);
  return {
    schedule: schedule ? describeSchedule(schedule) : null,
    to: to ?? null,
    keep: { count: keep.count, days: keep.days ?? null },
    nextAt: (schedule && nextFire(schedule, now)?.toISOString()) ?? null,
    last: made
      ? {
          at: made.at.toISOString(),
          file: typeof made.data?.file === 'string' ? made.data.file : null,
          bytes: typeof made.data?.bytes === 'number' ? made.data.bytes : null,
        }
      : null,
    dueSince: due && due <= now ? due.toISOString() : null,
    isOverdue: due ? now.getTime() - due.getTime() >= overdueMs : false,
    failure: isFailing ? { at: failed.at.toISOString(), message: String(failed.data?.why ?? '') } : null,
  };
}

/** How a VM's backups stand: the schedule, the last one, and whether one is missing. */
export async function readBackupState(
  db: Pick<Database, 'pool' | 'prisma'>,
  now = timeNow(),
): Promise<BackupState> {
  const config = await readConfig(db.prisma, 'backup_to', 'backup_keep', 'backup_keep_days');
  const [made, failed, changed] = await Promise.all([
    readLastAct(db, 'backup.created'),
    readLastAct(db, 'backup.failed'),
    readLastAct(db, 'config.changed', 'backup_schedule'),
  ]);
  return backupStateOf({
    schedule: await readBackupSchedule(db),
    to: config.backup_to,
    keep: { count: config.backup_keep, days: config.backup_keep_days },
    made,
    failed,
    since: changed?.at,
    now,
  });
}
