/** Skills on the wire. */
import { z } from 'zod';
import {
  connectionNameSchema,
  jsonSchemaSchema,
  pageQuerySchema,
  sealedMarkerSchema,
  slugSchema,
  timeSchema,
  toolNameSchema,
} from './common.ts';

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

export const webhookAuths = ['standard', 'github', 'stripe', 'bearer', 'none'] as const;
export type WebhookAuth = (typeof webhookAuths)[number];

/** How many deliveries a hook takes a minute when its trigger does not say. */
export const defaultPerMinute = 60_000;

/** `triggerConfig` of each `triggerType`. */
export const triggerConfigSchemas = {
  manual: z.object({}).strict(),
  schedule: z
    .object({
      cron: z.string().min(1).max(200),
      timezone: z.string().min(1).max(100).optional().describe("An IANA zone; the owner's when left out"),
      missed: z
        .enum(['skip', 'once'])
        .default('skip')
        .describe('What happens to fire times that passed while the VM was off'),
    })
    .strict(),
  webhook: z
    .object({
      auth: z
        .enum(webhookAuths)
        .default('standard')
        .describe(
          'An unsigned hook is asked for in so many words: none. With standard, github and stripe `input.query` is empty: they sign the body, and not the address',
        ),
      response: z
        .enum(['accepted', 'result'])
        .default('accepted')
        .describe('`result`: the caller waits for the end of the run, a minute at most'),
      dedupeBy: z
        .string()
        .max(500)
        .regex(
          /^(header:[A-Za-z0-9-]+|\/.*)$/,
          'use header:<name>, or a JSON pointer into the body: /data/id',
        )
        .optional()
        .describe("Where a delivery's id stands; the scheme's own place when left out"),
      perMinute: z
        .int()
        .min(1)
        .max(1_000_000)
        .optional()
        .describe(`How many deliveries are taken a minute; ${defaultPerMinute} when left out`),
      secret: z
        .union([z.string().min(8).max(1024), sealedMarkerSchema])
        .optional()
        .describe('Sealed and never shown again; made up, and shown this once, when left out'),
    })
    .strict(),
  chat: z.object({ phrases: z.array(z.string().min(1).max(200)).max(50).optional() }).strict(),
} as const;

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
    maxCostUsd: z.number().positive().max(100_000).nullish().describe('Of each run, in US dollars'),
    maxCostPerDayUsd: z
      .number()
      .positive()
      .max(100_000)
      .nullish()
      .describe("Of all its runs of a day in the owner's zone"),
    maxCostPerMonthUsd: z
      .number()
      .positive()
      .max(100_000)
      .nullish()
      .describe("Of all its runs of a month in the owner's zone"),
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
  maxCostPerDayUsd: z.number().nullable(),
  maxCostPerMonthUsd: z.number().nullable(),
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

/** RFC 7396: fields left out stay as they are, null takes a field away. */
export const skillPatchSchema = z
  .record(z.string(), z.unknown())
  .describe('A JSON merge patch of the skill as it is read; the result is checked like a new skill');

export const skillQuerySchema = pageQuerySchema;

/** Text files by path, `SKILL.md` among them (agentskills.io). */
export const skillFolderSchema = z
  .record(z.string().min(1).max(500), z.string().max(1_000_000))
  .refine((files) => Object.keys(files).length <= 200, 'holds more than 200 files');

export const skillExportSchema = z.object({
  name: slugSchema.describe("The folder's name"),
  files: skillFolderSchema,
});

export const skillImportSchema = z
  .object({
    files: skillFolderSchema.optional(),
    text: z.string().max(1_000_000).optional().describe('In place of files: the SKILL.md alone'),
    replace: z.boolean().default(false).describe('Save a skill of this slug that is there as a new version'),
  })
  .strict()
  .refine(({ files, text }) => (files === undefined) !== (text === undefined), {
    path: ['files'],
    message: 'send files, or text with the SKILL.md alone',
  });

/** A skill that was saved just now. */
export const newSkillResultSchema = skillSchema.extend({
  warnings: z
    .array(z.string())
    .optional()
    .describe(
      'What would keep a run from its tools as things are; of a template that is a draft, what to add',
    ),
});
export type NewSkillResult = z.infer<typeof newSkillResultSchema>;

export const skillImportResultSchema = z.object({
  skill: skillSchema,
  warnings: z.array(z.string()).describe('What could not be taken over'),
});
