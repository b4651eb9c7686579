/** What executions came to, by day, skill, model and connection. */
import { z } from 'zod';
import { timeSchema } from './common.ts';

export const statsQuerySchema = z.object({
  days: z.coerce.number().int().min(1).max(366).default(30).describe('How many days, today among them'),
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'A month is written as 2026-11, from 2000-01 on')
    .optional()
    .describe(
      'The days of this month of the owner’s zone instead, as 2026-11; of one that goes on, up to today',
    ),
});

const medianMs = z
  .number()
  .nullable()
  .describe('How long a finished run took, in milliseconds; null without any');

const sums = {
  executions: z.int().describe('Replays aside, whose cost and tokens count'),
  failed: z.int(),
  costUsd: z.number().describe('Of what has a known price'),
  tokens: z.number(),
};

export const statsSchema = z.object({
  timezone: z.string().describe("The owner's zone, in which days are counted"),
  until: timeSchema.describe('When the last of the days ends'),
  spentUsd: z
    .number()
    .nullable()
    .describe(
      'What caps count in these days: also tries of the model, calls that a crash cut off, and what runs that began before spent in them; null where that is kept no more',
    ),
  totals: z.object({
    ...sums,
    medianMs,
  }),
  days: z
    .array(z.object({ day: z.iso.date(), begin: timeSchema, ...sums, medianMs }))
    .describe('Every day, also those without executions'),
  skills: z.array(z.object({ skill: z.string(), ...sums })).describe('The most used first'),
  models: z.array(z.object({ model: z.string().nullable(), ...sums })).describe('The dearest first'),
  connections: z
    .array(z.object({ connection: z.string(), ...sums }))
    .describe(
      'What the runs came to that called a tool of it, the dearest first; one that called tools of two counts whole for both',
    ),
});
export type Stats = z.infer<typeof statsSchema>;
