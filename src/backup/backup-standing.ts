import type { BackupState } from '../contract/backups.ts';
import { nextFire, type Schedule } from '../schedules/schedule.ts';
import { describeSchedule } from '../schedules/schedule-words.ts';
import type { Keep } from './prune-backups.ts';

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
