/**
 * Schedules. The next fire time of a skill stands in its row; whoever finds it due starts an execution whose dedupe key is
 * that time, and then moves the time on. A crash between the two, a clock that jumps back, or two processes at once therefore
 * start nothing twice; and a time that is due is never passed over but by the skill's own policies, for times that were missed
 * and for runs that would overlap; those are counted. A time that stands in a row is not believed when the schedule would
 * not name it: the clock was put back, the owner moved, or the zone's rules came with a new Node.
 */
import { readConfig } from '../config/read-config.ts';
import { isDiskFull } from '../database/is-disk-full.ts';
import { readNow } from '../database/times.ts';
import { type StartDeps, startExecution } from '../executions/start-execution.ts';
import { readStop } from '../executions/stop-state.ts';
import type { Clock } from '../kernel/clock.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { repeat } from '../kernel/repeat.ts';
import { lastFire, nextFire, type Schedule } from '../schedules/schedule.ts';
import { findScheduled, moveOn, type ScheduledSkill, scheduleOf, wouldOverlap } from './scheduled-skills.ts';

/** `clock`: which moment it is; the database's, when left out. */
export type SchedulerDeps = StartDeps & { log: Logger; clock?: Clock };

export type Scheduler = {
  /** Starts what is due now; returns how many executions. */
  tick(): Promise<number>;
  /** Looks every second from now on. */
  start(): void;
  stop(): Promise<void>;
};

/** A time that passed longer ago than this was missed: the VM was off, or asleep. In milliseconds. */
const grace = 90_000;
const everyMs = 1_000;
/** How many are started before others get their turn. */
const batch = 50;

/** How often what stands in the rows is compared with what the schedules say. */
const compareEveryMs = 60_000;

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { db, log, clock } = deps;
  let comparedAt = Number.NEGATIVE_INFINITY;

  async function tick(): Promise<number> {
    // Times that pass meanwhile stay where they are: each skill's `missed` says what becomes of them.
    if (await readStop(db.prisma)) return 0;
    const now = clock?.now() ?? (await readNow(db.pool));
    if (Math.abs(now.getTime() - comparedAt) >= compareEveryMs) {
      await compare(deps, now);
      comparedAt = now.getTime();
    }
    const due = await findScheduled(db, { lte: now }, batch);
    if (due.length === 0) return 0;
    const zone = await readOwnZone(db);
    let started = 0;
    for (const skill of due) {
      const schedule = scheduleOf(skill, zone);
      try {
        if (await fire(deps, { skill, schedule, now })) started++;
      } catch (error) {
        if (isAlfredError(error, 'E_STOPPED')) return started;
        // The time stays where it is until there is room: nothing is passed over.
        if (isDiskFull(error)) throw error;
        // One skill that cannot be started keeps no other from its time, nor itself from its next one.
        log.error(
          { err: error, skill: skill.slug },
          `a scheduled run could not be started: ${messageOf(error)}`,
        );
        await moveOn(db, skill, schedule, now);
      }
    }
    return started;
  }

  const { start, stop } = repeat(tick, {
    everyMs,
    onTrouble: (error) => log.error({ err: error }, 'the scheduler could not look what is due'),
  });
  return { tick, start, stop };
}

/** Puts right the times to come that are none of their schedule's. What is due is judged as it fires. */
async function compare({ db, log }: SchedulerDeps, now: Date): Promise<void> {
  const coming = await findScheduled(db, { gt: now });
  if (coming.length === 0) return;
  const zone = await readOwnZone(db);
  for (const skill of coming) {
    const schedule = scheduleOf(skill, zone);
    try {
      const next = nextFire(schedule, now);
      if (next?.getTime() === skill.nextRunAt.getTime()) continue;
      const stood = skill.nextRunAt;
      log.warn({ skill: skill.slug, stood, next }, 'the next time of a schedule was put right');
      await moveOn(db, skill, schedule, now);
    } catch (error) {
      log.error({ err: error, skill: skill.slug }, `a schedule could not be read: ${messageOf(error)}`);
    }
  }
}

/** @returns whether a run was started */
async function fire(
  deps: SchedulerDeps,
  { skill, schedule, now }: { skill: ScheduledSkill; schedule: Schedule; now: Date },
): Promise<boolean> {
  const { db, log } = deps;
  // The last time that is due: after a long sleep one run stands for all that were missed.
  const due = lastFire(schedule, new Date(skill.nextRunAt.getTime() - 1), now);
  if (due === undefined) {
    await moveOn(db, skill, schedule, now);
    return false;
  }
  const { last, count } = due;
  const dedupeKey = `schedule:${last.toISOString()}`;
  const isMissed = now.getTime() - last.getTime() > grace && skill.triggerConfig.missed === 'skip';
  if (isMissed || (await wouldOverlap(db, skill, dedupeKey))) {
    log.warn(
      { skill: skill.slug, times: count, last },
      isMissed
        ? 'scheduled runs were missed and are skipped'
        : 'a scheduled run is left out: one is under way',
    );
    await moveOn(db, skill, schedule, now, { skipped: count, last });
    return false;
  }
  const { executionId, isDuplicate } = await startExecution(deps, {
    skill: skill.slug,
    input: {},
    mode: 'live',
    trigger: 'schedule',
    triggerDetail: { scheduledFor: last.toISOString(), ...(count > 1 ? { missed: count - 1 } : {}) },
    actor: 'schedule',
    dedupeKey,
  });
  if (!isDuplicate) log.info({ executionId, skill: skill.slug, due: last }, 'a schedule fired');
  await moveOn(
    db,
    skill,
    schedule,
    now,
    count > 1 && !isDuplicate ? { skipped: count - 1, last } : undefined,
  );
  return !isDuplicate;
}

const readOwnZone = async ({ prisma }: SchedulerDeps['db']): Promise<string> =>
  (await readConfig(prisma, 'timezone')).timezone;
