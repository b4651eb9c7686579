import { readConfig } from '../../config/read-config.ts';
import { operations } from '../../contract/operations.ts';
import { timeNow } from '../../kernel/clock.ts';
import { checkSchedule, nextFires } from '../../schedules/schedule.ts';
import { describeSchedule } from '../../schedules/schedule-words.ts';
import { listUpcoming } from '../../skills/list-upcoming.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const previewCount = 5;

export function scheduleRoutes(app: App, { db }: ServerDeps): void {
  route(app, operations.listUpcoming, async ({ query }) => listUpcoming({ db }, query));

  route(app, operations.previewSchedule, async ({ body }) => {
    const { timezone } = await readConfig(db.prisma, 'timezone');
    const schedule = { cron: body.cron, timezone: body.timezone ?? timezone, pausedUntil: body.pausedUntil };
    checkSchedule(schedule);
    return {
      description: describeSchedule(schedule, body),
      timezone: schedule.timezone,
      next: nextFires(schedule, timeNow(), previewCount).map((time) => time.toISOString()),
    };
  });
}
