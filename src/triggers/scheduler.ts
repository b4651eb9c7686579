/**
 * Schedules. The next fire time of a skill stands in its row; whoever finds it due starts an execution whose dedupe key is
 * that time, and then moves the time on. A crash between the two, a clock that jumps back, or two processes at once therefore
 * start nothing twice; and a time that is due is never passed over but by the skill's own policy for missed ones.
 */
import { isDiskFull } from '../database/is-disk-full.ts';
import { type StartDeps, startExecution } from '../executions/start-execution.ts';
import { readStop } from '../executions/stop-state.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { repeat } from '../kernel/repeat.ts';
import { lastFire, nextFire, type Schedule } from '../skills/schedule.ts';

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

type Due = {
  id: string;
  slug: string;
  triggerConfig: Schedule & { missed: 'skip' | 'once' };
  nextRunAt: Date;
};

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { db, log, clock = systemClock } = deps;

  async function tick(): Promise<number> {
    // Times that pass meanwhile stay where they are: each skill's `missed` says what becomes of them.
    if (await readStop(db.prisma)) return 0;
    const due = await db.prisma.skill.findMany({
      where: { triggerType: 'schedule', isActive: true, nextRunAt: { lte: clock.now() } },
      select: { id: true, slug: true, triggerConfig: true, nextRunAt: true },
      orderBy: { nextRunAt: 'asc' },
      take: batch,
    });
    let started = 0;
    for (const skill of due as unknown as Due[]) {
      try {
        if (await fire(skill)) started++;
      } catch (error) {
        if (isAlfredError(error, 'E_STOPPED')) return started;
        // The time stays where it is until there is room: nothing is passed over.
        if (isDiskFull(error)) throw error;
        // One skill that cannot be started keeps no other from its time, nor itself from its next one.
        log.error(
          { err: error, skill: skill.slug },
          `a scheduled run could not be started: ${messageOf(error)}`,
        );
        await moveOn(skill);
      }
    }
    return started;
  }

  async function fire(skill: Due): Promise<boolean> {
    const now = clock.now();
    const { triggerConfig, nextRunAt } = skill;
    // The last time that is due: after a long sleep one run stands for all that were missed.
    const { last, count } = lastFire(triggerConfig, new Date(nextRunAt.getTime() - 1), now) ?? {
      last: nextRunAt,
      count: 1,
    };
    const isMissed = now.getTime() - last.getTime() > grace;
    if (isMissed && triggerConfig.missed === 'skip') {
      log.warn({ skill: skill.slug, missed: count, last }, 'scheduled runs were missed and are skipped');
      await moveOn(skill);
      return false;
    }
    const { executionId, isDuplicate } = await startExecution(deps, {
      skill: skill.slug,
      input: {},
      mode: 'live',
      trigger: 'schedule',
      triggerDetail: { scheduledFor: last.toISOString(), ...(count > 1 ? { missed: count - 1 } : {}) },
      actor: 'schedule',
      dedupeKey: `schedule:${last.toISOString()}`,
    });
    if (!isDuplicate) log.info({ executionId, skill: skill.slug, due: last }, 'a schedule fired');
    await moveOn(skill);
    return !isDuplicate;
  }

  /** Only from the time that was seen: another process, or a save, may have moved it on. */
  async function moveOn({ id, triggerConfig, nextRunAt }: Due): Promise<void> {
    const next = nextFire(triggerConfig, clock.now()) ?? null;
    // Not through Prisma, which would move `updated_at`: nothing changed of what a person edits.
    await db.prisma.$executeRaw`
      UPDATE skills SET next_run_at = ${next} WHERE id = ${id}::uuid AND next_run_at = ${nextRunAt}`;
  }

  const { start, stop } = repeat(tick, {
    everyMs,
    onTrouble: (error) => log.error({ err: error }, 'the scheduler could not look what is due'),
  });
  return { tick, start, stop };
}
