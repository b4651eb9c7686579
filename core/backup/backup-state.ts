import { type BackupActs, backupStateOf } from '../../src/backup/backup-standing.ts';
import type { BackupState } from '../../src/contract/backups.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import type { CoreDatabase } from '../database.ts';
import type { CoreBackupSettings } from './backup-settings.ts';

/** How Core's backups stand: the schedule, the last one, and whether one is missing. What is on record is all that is known. */
export async function readCoreBackupState(
  { prisma }: Pick<CoreDatabase, 'prisma'>,
  { schedule, to, keep }: CoreBackupSettings,
  now = timeNow(),
): Promise<BackupState> {
  const last = async (action: 'backup.created' | 'backup.failed') => {
    const act = await prisma.act.findFirst({ where: { action }, orderBy: { seq: 'desc' } });
    return act === null ? undefined : { at: act.at, data: act.data as BackupActs['data'] };
  };
  // A Core that was never backed up has been in want of it since it began.
  const beginning = await readBeginning({ prisma });
  return backupStateOf({
    schedule: schedule === undefined ? undefined : { cron: schedule, timezone: 'UTC' },
    to,
    keep,
    made: await last('backup.created'),
    failed: await last('backup.failed'),
    since: beginning?.createdAt,
    now,
  });
}

/** The operator's first token: when this Core began, with an id that stays its own. */
export const readBeginning = ({ prisma }: Pick<CoreDatabase, 'prisma'>) =>
  prisma.accessToken.findFirst({
    where: { kind: 'file' },
    orderBy: { createdAt: 'asc' },
    select: { id: true, createdAt: true },
  });
