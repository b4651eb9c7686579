/** Money and the kill switch on the wire. */
import { z } from 'zod';
import { timeSchema } from './common.ts';

const usd = z.number().describe('US dollars');

const spendSchema = z.object({
  capUsd: usd.nullable().describe('null: no cap'),
  spentUsd: usd,
  heldUsd: usd.describe('Set aside for calls that go on just now; what they do not cost is given back'),
  lostUsd: usd.describe('Part of spentUsd: calls that a crash cut off, with all they may have cost'),
  from: timeSchema,
  until: timeSchema.describe('When it begins anew'),
});
export type Spend = z.infer<typeof spendSchema>;

/** The kill switch, once it was used. */
export const stoppedSchema = z.object({ since: timeSchema, by: z.string() });
export type Stopped = z.infer<typeof stoppedSchema>;

const forecastSchema = z.object({
  perDayUsd: usd.describe('Spent a day of late: over the last week, or since something was spent'),
  monthUsd: usd.describe('What the month comes to if that goes on'),
  capReachedAt: timeSchema
    .nullable()
    .describe('When the cap of the month is used up then; null: not this month'),
});
export type Forecast = z.infer<typeof forecastSchema>;

export const budgetSchema = z.object({
  timezone: z.string(),
  run: z.object({ capUsd: usd.nullable().describe('Of each run whose skill names none of its own') }),
  day: spendSchema,
  month: spendSchema,
  forecast: forecastSchema,
  skills: z
    .array(z.object({ slug: z.string(), day: spendSchema, month: spendSchema }))
    .describe('Those with a cap of their own, and those that spent something this month; the dearest first'),
});
export type Budget = z.infer<typeof budgetSchema>;

export const stopStateSchema = z.object({ stopped: stoppedSchema.nullable() });

export const cancelledRunsSchema = z.object({
  cancelled: z
    .int()
    .describe(
      'Executions that had not ended: those that waited are cancelled, those that run end in a moment',
    ),
});

export const stopAllSchema = stopStateSchema.extend(cancelledRunsSchema.shape);
export type StopAll = z.infer<typeof stopAllSchema>;
