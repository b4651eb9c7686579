/** Replays on the wire: a past execution gone through again by what its tools answered then, and both beside each other. */
import { z } from 'zod';
import { executionSummarySchema, retryVersions } from './executions.ts';
import { skillDefinitionSchema } from './skills.ts';

export const replayExecutionSchema = z
  .object({
    version: z
      .enum(retryVersions)
      .optional()
      .describe(
        'Of the skill: the one that ran, or the one that it is now. Left out: the one that ran where a `model` is named, and otherwise the one that it is now',
      ),
    definition: skillDefinitionSchema
      .optional()
      .describe(
        'In place of a version: a draft that nobody has saved; its cap is no higher than the skill’s',
      ),
    model: z
      .string()
      .regex(/^[\w.:@/-]{1,200}$/, 'use the name of a model')
      .optional()
      .describe('In place of the definition’s; `rehearsal` is the built-in one, which costs nothing'),
  })
  .strict()
  .refine(({ version, definition }) => version === undefined || definition === undefined, {
    path: ['version'],
    message: 'name a version or send a definition, not both',
  });
export type ReplayRequest = z.infer<typeof replayExecutionSchema>;

/** How a call of a replay came by its answer. */
const answerKinds = ['same', 'other', 'none'] as const;

const comparedCallSchema = z.object({
  id: z.uuid().nullable().describe('null: the model asked for it, and no call is on record'),
  name: z.string().describe('mcp__<connection>__<tool>'),
  arguments: z.unknown(),
  status: z.enum(['intended', 'dispatched', 'done', 'failed', 'denied', 'unknown']).nullable(),
  answer: z.string().nullable().describe('The text of its result, or its error; a long one is cut'),
  answeredBy: z.uuid().nullable().describe('In a replay: the recorded call whose result it was given'),
  recorded: z
    .enum(answerKinds)
    .nullable()
    .describe(
      'In a replay: `same`: recorded for the same arguments; `other`: for other ones, which the model was told; `none`: there was no answer left, and the call was not made',
    ),
});
export type ComparedCall = z.infer<typeof comparedCallSchema>;

const comparedTurnSchema = z.object({
  text: z.string().describe('What the model said'),
  calls: z.array(comparedCallSchema),
});
export type ComparedTurn = z.infer<typeof comparedTurnSchema>;

const turnDifferences = ['text', 'calls', 'answers', 'missing', 'added'] as const;

const sidesOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ original: schema.nullable(), replay: schema.nullable() });

const comparedStepSchema = z.object({
  id: z.int(),
  status: sidesOf(z.string()),
  prompt: sidesOf(z.string()).describe('As the skill has it, before the input is put in'),
  output: sidesOf(z.string()),
  isSame: z.boolean().describe('Both said and did the same in this step'),
  turns: z.array(
    sidesOf(comparedTurnSchema).extend({
      differs: z
        .array(z.enum(turnDifferences))
        .describe('What is other; nothing where both are the same. `missing`: the replay has no such turn'),
    }),
  ),
});
export type ComparedStep = z.infer<typeof comparedStepSchema>;

export const comparisonSchema = z.object({
  original: executionSummarySchema,
  replay: executionSummarySchema,
  definition: z
    .array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
    .nullable()
    .describe(
      'What of the skill was other, by JSON pointer, each step by its number (`/steps/1/prompt`); null where it is not known any more',
    ),
  steps: z.array(comparedStepSchema),
  calls: z
    .object({
      recorded: z.int().describe('Answers in the recording'),
      used: z.int(),
      same: z.int(),
      other: z.int(),
      none: z.int(),
    })
    .describe('How the calls of the replay were answered'),
  isSame: z.boolean().describe('Nothing that was said or done differs'),
});
export type Comparison = z.infer<typeof comparisonSchema>;
