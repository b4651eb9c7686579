/** How notices stand, on the wire. */
import { z } from 'zod';
import { timeSchema } from './common.ts';

export const noticesSchema = z.object({
  origin: z.string().nullable().describe('Of `notify_webhook_url`; null: nothing is told'),
  waiting: z.int().describe('Notices that are not delivered yet'),
  attempts: z.int().describe('How often the most tried of these was tried'),
  oldestAt: timeSchema.nullable().describe('Of the oldest of these'),
  givenUp: z.int().describe('Of the last two weeks'),
  lastError: z.string().nullable(),
});
export type Notices = z.infer<typeof noticesSchema>;
