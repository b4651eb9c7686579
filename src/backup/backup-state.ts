import { readConfig } from '../config/read-config.ts';
import type { BackupState } from '../contract/backups.ts';
import type { Database } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { nextFire, type Schedule } from '../schedules/schedule.ts';
import { describeSchedule } from '../schedules/schedule-words.ts';
import { readLastAct } from './record-backup.ts';

/** The schedule of backups, where there is one. */
async function readBackupSchedule({ prisma }: Pick<Database, 'prisma'>): Promise<Schedule | undefined> {
  const { backup_schedule: cron, timezone } = await readConfig(prisma, 'backup_schedule', 'timezone');
  return cron === undefined ? undefined : { cron, timezone };
}

/** A backup that was due for so long is missing, in milliseconds; before, it may be under way. */
const overdueMs = 3_600_000;

/** How backups stand: the schedule, the last one, and whether one is missing. */
export async function readBackupState(
  db: Pick<Database, 'pool' | 'prisma'>,
  now = timeNow(),
): Promise<BackupState> {
  const schedule = await readBackupSchedule(db);
  const config = await readConfig(db.prisma, 'backup_to', 'backup_keep', 'backup_keep_days');
  const [made, failed, changed] = await Promise.all([
    readLastAct(db, 'backup.created'),
    readLastAct(db, 'backup.failed'),
    readLastAct(db, 'config.changed', 'backup_schedule'),
  ]);
  // Before the first, those count that were due since the schedule was set.
  const since = made?.at ?? changed?.at;
  const due = schedule && since && nextFire(schedule, since);
  const isFailing = failed !== undefined && (made === undefined || failed.at > made.at);
  return {
    schedule: schedule ? describeSchedule(schedule) : null,
    to: config.backup_to ?? null,
    keep: { count: config.backup_keep, days: config.backup_keep_days ?? null },
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
