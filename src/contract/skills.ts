/** Skills on the wire. */
import { z } from 'zod';
import { connectionNameSchema, jsonSchemaSchema, slugSchema, timeSchema, toolNameSchema } from './common.ts';

export const triggerTypes = ['manual', 'schedule', 'webhook', 'chat'] as const;
export const triggerTypeSchema = z.enum(triggerTypes);

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
export type Step = z.infer<typeof stepSchema>;

const efforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

/** What a skill is made of: this, whole, is what a version keeps. */
export const skillDefinitionSchema = z
  .object({
    slug: slugSchema,
    name: z.string().min(1).max(200),
    description: z.string().max(10_000).default(''),
    steps: z.array(stepSchema).min(1).max(50),
    inputSchema: jsonSchemaSchema.nullish(),
    connectionNames: z
      .array(connectionNameSchema)
      .max(100)
      .optional()
      .describe('Kept true to the steps at save'),
    triggerType: triggerTypeSchema.default('manual'),
    triggerConfig: z.record(z.string(), z.unknown()).default({}),
    model: z.string().min(1).max(200).nullish(),
    effort: z.enum(efforts).nullish(),
    maxCostUsd: z.number().positive().max(100_000).nullish(),
    timeoutMs: z.int().min(1000).max(86_400_000).nullish(),
    concurrency: z.int().min(1).max(100).default(1),
    onCrash: z.enum(['auto', 'hold', 'rerun']).default('auto'),
    onFailureSkill: slugSchema.nullish(),
    isActive: z
      .boolean()
      .default(true)
      .describe('false: a draft, which may name tools that are not there yet'),
  })
  .strict()
  .refine((skill) => skill.steps.every((step, index) => step.id === index + 1), {
    path: ['steps'],
    message: 'number the steps 1, 2, 3 … in order',
  });
export type SkillDefinition = z.infer<typeof skillDefinitionSchema>;

export const skillSchema = z.object({
  id: z.uuid(),
  slug: slugSchema,
  name: z.string(),
  description: z.string(),
  steps: z.array(stepSchema),
  inputSchema: jsonSchemaSchema.nullable(),
  connectionNames: z.array(z.string()),
  triggerType: triggerTypeSchema,
  triggerConfig: z.record(z.string(), z.unknown()),
  model: z.string().nullable(),
  effort: z.string().nullable(),
  maxCostUsd: z.number().nullable(),
  timeoutMs: z.int().nullable(),
  concurrency: z.int(),
  onCrash: z.enum(['auto', 'hold', 'rerun']),
  onFailureSkill: z.string().nullable(),
  isActive: z.boolean(),
  isSystem: z.boolean(),
  source: z.enum(['manual', 'template', 'taught', 'import', 'system']),
  version: z.int(),
  runCount: z.int(),
  lastRunAt: timeSchema.nullable(),
  nextRunAt: timeSchema.nullable(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Skill = z.infer<typeof skillSchema>;

export const skillVersionSchema = z.object({
  version: z.int(),
  definition: z.record(z.string(), z.unknown()),
  contentHash: z.string(),
  createdBy: z.string(),
  note: z.string().nullable(),
  createdAt: timeSchema,
});

export const runSkillSchema = z
  .object({
    input: z.record(z.string(), z.unknown()).default({}),
    mode: z.enum(['live', 'rehearsal']).default('live'),
  })
  .strict();
