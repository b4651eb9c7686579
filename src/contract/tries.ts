/** Trying one step on the wire, before anything of it is saved. */
import { z } from 'zod';
import { skillDefinitionSchema } from './skills.ts';

export const tryStepSchema = z
  .object({
    step: z.int().min(1).max(50).describe('Which step is tried, by its number'),
    mode: z
      .enum(['rehearsal', 'live'])
      .default('rehearsal')
      .describe('`rehearsal`: by the built-in model, at no cost; `live`: by the model, and with its tools'),
    definition: skillDefinitionSchema
      .optional()
      .describe('A draft that nobody has saved; left out: the skill as it is'),
    from: z
      .uuid()
      .optional()
      .describe('The run whose input and earlier results it goes by; left out: the last that got so far'),
  })
  .strict();
export type TryStep = z.infer<typeof tryStepSchema>;

export const stepTriedSchema = z.object({
  executionId: z.uuid(),
  from: z
    .uuid()
    .nullable()
    .describe('The run whose input it was given; null: there was none that fits, and it was made up'),
  carried: z
    .int()
    .describe('How many steps before it were taken from that run; those behind these run first'),
});
export type StepTried = z.infer<typeof stepTriedSchema>;
