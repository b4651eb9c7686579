/** The rows of skills that have a schedule: when each fires next, and whether a run of it is under way. */
import type { z } from 'zod';
import type { ExecutionStatus } from '../contract/execution-status.ts';
import type { triggerConfigSchemas } from '../contract/triggers.ts';
import type { Database } from '../database/client.ts';
import { nextFire, type Schedule } from '../schedules/schedule.ts';

export type ScheduledSkill = {
  id: string;
  slug: string;
  triggerConfig: z.output<typeof triggerConfigSchemas.schedule>;
  nextRunAt: Date;
};

/** Those whose next time is one of these, the next first. */
export async function findScheduled(
  { prisma }: Database,
  nextRunAt: { lte: Date } | { gt: Date },
  take?: number,
): Promise<ScheduledSkill[]> {
  const rows = await prisma.skill.findMany({
    where: { triggerType: 'schedule', isActive: true, nextRunAt },
    select: { id: true, slug: true, triggerConfig: true, nextRunAt: true },
    orderBy: { nextRunAt: 'asc' },
    ...(take === undefined ? {} : { take }),
  });
  // `where` leaves out rows without a time, and a save checked the config.
  return rows as unknown as ScheduledSkill[];
}

/** @param ownZone the owner's zone, by which a schedule goes that names none */
export const scheduleOf = (
  { triggerConfig: { cron, timezone, pausedUntil } }: Pick<ScheduledSkill, 'triggerConfig'>,
  ownZone: string,
): Schedule => ({ cron, timezone: timezone ?? ownZone, pausedUntil });

/** In which state of an earlier run a further one is left out. */
const refusing = {
  skip: ['queued', 'running', 'waiting_approval'],
  one: ['queued'],
} satisfies Record<'skip' | 'one', ExecutionStatus[]>;

/**
 * Whether so many runs of this schedule are under way that its `overlap` takes no further one.
 *
 * @param dedupeKey of the time in question: a run that it has already is in no one's way
 */
export async function wouldOverlap(
  { prisma }: Database,
  { id, triggerConfig: { overlap = 'one' } }: ScheduledSkill,
  dedupeKey: string,
): Promise<boolean> {
  if (overlap === 'all') return false;
  const underWay = await prisma.execution.findFirst({
    where: {
      skillId: id,
      trigger: 'schedule',
      status: { in: refusing[overlap] },
      NOT: { dedupeKey },
    },
    select: { id: true },
  });
  return underWay !== null;
}

/**
 * Sets the next time after `now`, only from the time that was seen: another process, or a save, may have moved it on.
 *
 * @param skipped how many times up to `last` came to no run
 */
export async function moveOn(
  { prisma }: Database,
  { id, nextRunAt }: ScheduledSkill,
  schedule: Schedule,
  now: Date,
  { skipped, last }: { skipped: number; last: Date | null } = { skipped: 0, last: null },
): Promise<void> {
  const next = nextFire(schedule, now) ?? null;
  // Not through Prisma, which would move `updated_at`: nothing changed of what a person edits.
  await prisma.$executeRaw`
    UPDATE skills SET next_run_at = ${next}, skipped_count = skipped_count + ${skipped},
      last_skipped_at = coalesce(${last}::timestamptz, last_skipped_at)
    WHERE id = ${id}::uuid AND next_run_at = ${nextRunAt}`;
}
