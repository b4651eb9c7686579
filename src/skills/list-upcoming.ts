import { readConfig } from '../config/read-config.ts';
import type { LanguageName } from '../contract/preferences.ts';
import { triggerConfigSchemas } from '../contract/triggers.ts';
import type { Upcoming } from '../contract/upcoming.ts';
import type { Database } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { nextFires } from '../schedules/schedule.ts';
import { describeSchedule } from '../schedules/schedule-words.ts';
import { rowGuardOf } from '../vault/row-guard.ts';

const dayMs = 86_400_000;
/** Times of one skill: more than every hour of a week says nothing more. */
const mostTimes = 200;

/**
 * What the schedules bring in the days that come, by the function that the next fire time is computed by; what is paused is among it, and says
 * so. Drafts and rows that somebody else changed fire never, and are not there.
 */
export async function listUpcoming(
  { db }: { db: Database },
  { days, language = 'en' }: { days: number; language?: LanguageName | undefined },
): Promise<Upcoming> {
  const from = timeNow();
  const until = new Date(from.getTime() + days * dayMs);
  const [{ timezone }, rows] = await Promise.all([
    readConfig(db.prisma, 'timezone'),
    db.prisma.skill.findMany({
      where: { isActive: true, triggerType: 'schedule' },
      orderBy: { slug: 'asc' },
    }),
  ]);
  const guard = rowGuardOf(db.prisma);
  const items = rows
    .filter((row) => guard.isIntact('skills', row))
    .map(({ slug, name, triggerConfig }) => {
      const { cron, timezone: own, pausedUntil } = triggerConfigSchemas.schedule.parse(triggerConfig);
      const schedule = { cron, timezone: own ?? timezone };
      const all = nextFires(schedule, from, mostTimes + 1).filter((at) => at <= until);
      const rests = pausedUntil === undefined ? undefined : new Date(pausedUntil);
      return {
        ...{ slug, name, timezone: schedule.timezone, description: describeSchedule(schedule, { language }) },
        pausedUntil: rests !== undefined && rests > from ? rests.toISOString() : null,
        times: all.slice(0, mostTimes).map((at) => ({
          at: at.toISOString(),
          isLeftOut: rests !== undefined && at <= rests,
        })),
        isMore: all.length > mostTimes,
      };
    });
  return { from: from.toISOString(), until: until.toISOString(), timezone, items };
}
