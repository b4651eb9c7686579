import { readTimezone } from '../../config/timezone.ts';
import { schedulePreviewRequestSchema, schedulePreviewSchema } from '../../contract/schedules.ts';
import { checkSchedule, describeSchedule, nextFires } from '../../skills/schedule.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const previewCount = 5;

export function scheduleRoutes(app: App, { db }: ServerDeps): void {
  app.post(
    '/api/v1/schedules/preview',
    {
      schema: {
        summary: 'What a schedule means, and when it fires next',
        tags: ['skills'],
        body: schedulePreviewRequestSchema,
        response: { 200: schedulePreviewSchema },
      },
    },
    async ({ body }) => {
      const schedule = { cron: body.cron, timezone: body.timezone ?? (await readTimezone(db.prisma)) };
      checkSchedule(schedule);
      return {
        description: describeSchedule(schedule),
        timezone: schedule.timezone,
        next: nextFires(schedule, new Date(), previewCount).map((time) => time.toISOString()),
      };
    },
  );
}
