/** What is looked for again among executions, under a name. */
import { z } from 'zod';
import { timeSchema } from './common.ts';
import { executionFilterSchema } from './executions.ts';

export const filterNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}/]+$/u, 'use no slash and no control characters');

/** As the address of the list has it: every value a text. */
const keptFilterSchema = z.record(z.string(), z.string()).describe('The query of the list, without a page');

export const savedFilterSchema = z.object({
  name: filterNameSchema,
  filter: keptFilterSchema,
  updatedAt: timeSchema,
});
export type SavedFilter = z.infer<typeof savedFilterSchema>;

export const saveFilterSchema = z
  .object({
    filter: keptFilterSchema.superRefine((filter, context) => {
      if (Object.keys(filter).length === 0)
        context.addIssue({ code: 'custom', message: 'name something to look for' });
      for (const { path, message } of executionFilterSchema.strict().safeParse(filter).error?.issues ?? [])
        context.addIssue({ code: 'custom', path, message });
    }),
  })
  .strict();
