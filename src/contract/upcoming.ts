/** What the schedules bring, on the wire. */
import { z } from 'zod';
import { slugSchema, timeSchema } from './common.ts';
import { wordsLanguageSchema } from './schedules.ts';

export const upcomingQuerySchema = z.object({
  days: z.coerce.number().int().min(1).max(31).default(7).describe('How far to look ahead'),
  language: wordsLanguageSchema,
});

export const upcomingSchema = z.object({
  from: timeSchema,
  until: timeSchema,
  timezone: z.string().describe("The owner's zone, in which days begin"),
  items: z.array(
    z.object({
      slug: slugSchema,
      name: z.string(),
      description: z.string().describe('Its schedule in plain words'),
      timezone: z.string().describe('The zone that its schedule goes by'),
      pausedUntil: timeSchema.nullable().describe('Until when it is paused: times up to then are left out'),
      times: z
        .array(z.object({ at: timeSchema, isLeftOut: z.boolean().describe('It is paused then') }))
        .describe('When it fires, or would; of one that fires often the first'),
      isMore: z.boolean().describe('It fires more often in that while than its times here say'),
    }),
  ),
});
export type Upcoming = z.infer<typeof upcomingSchema>;
