/** A skill in a list: with what came of its last run. */
import { z } from 'zod';
import { timeSchema } from './common.ts';
import { executionModes, executionStatuses } from './execution-status.ts';
import { skillSchema } from './skills.ts';

export const listedSkillSchema = skillSchema.omit({ files: true }).extend({
  lastRun: z
    .object({
      executionId: z.uuid(),
      status: z.enum(executionStatuses),
      mode: z.enum(executionModes),
      createdAt: timeSchema,
    })
    .nullable()
    .describe('The latest of its executions that are still on record'),
});
export type ListedSkill = z.infer<typeof listedSkillSchema>;
