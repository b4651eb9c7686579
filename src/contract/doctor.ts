/** What `alfred doctor` finds, on the wire. */
import { z } from 'zod';

const findingSchema = z.object({
  id: z.string().describe('Stable, for programs; docs/operations.md lists them'),
  state: z.enum(['good', 'warn', 'bad']),
  message: z.string().describe('What was found, for a person'),
  remedy: z.string().optional().describe('What to do about it'),
  facts: z.record(z.string(), z.string()).optional().describe('What was found, in words for programs'),
});
export type Finding = z.infer<typeof findingSchema>;

export const doctorSchema = z.object({
  ok: z.boolean().describe('Nothing is bad'),
  checks: z.array(findingSchema),
});
