/** One step of a skill. */
import { z } from 'zod';
import { jsonSchemaSchema, toolNameSchema } from './common.ts';

export const stepSchema = z
  .object({
    id: z.int().min(1),
    prompt: z.string().min(1).max(100_000),
    guidance: z.string().max(100_000).optional(),
    allowedTools: z.array(toolNameSchema).max(500).default([]),
    approval: z.enum(['never', 'destructive', 'always']).optional(),
    maxTurns: z.int().min(1).max(1000).optional(),
    outputSchema: jsonSchemaSchema.optional(),
  })
  .strict();

/** Of a step's fields, their names for people. */
export const stepFieldNames: Record<keyof z.infer<typeof stepSchema>, string> = {
  id: 'Number',
  prompt: 'What to do',
  guidance: 'How to do it well',
  allowedTools: 'Tools',
  approval: 'Asks you before it calls',
  maxTurns: 'Turns of the model',
  outputSchema: 'Shape of its output',
};
