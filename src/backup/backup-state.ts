import { readConfig } from '../config/read-config.ts';
import type { BackupState } from '../contract/backups.ts';
import type { Database } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import type { Schedule } from '../schedules/schedule.ts';
import { backupStateOf } from './backup-standing.ts';
import { readLastAct } from './record-backup.ts';

/** The schedule of backups, where there is one. */
async function readBackupSchedule({ prisma }: Pick<Database, 'prisma'>): Promise<Schedule | undefined> {
  const { backup_schedule: cron, timezone } = await readConfig(prisma, 'backup_schedule', 'timezone');
  return cron === undefined ? undefined : { cron, timezone };
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
