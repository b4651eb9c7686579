/** Skills on the wire. */
import { z } from 'zod';
import { pageQuerySchema, slugSchema, timeSchema } from './common.ts';
import { shapeOf, tagSchema } from './skill-fields.ts';
import { sentFolderSchema } from './skill-folder.ts';
import type { stepSchema } from './steps.ts';

export type Step = z.infer<typeof stepSchema>;

/** What a skill is made of: this, whole, is what a version keeps. */
export const skillDefinitionSchema = z
  .object(shapeOf('given'))
  .strict()
  .refine((skill) => skill.steps.every((step, index) => step.id === index + 1), {
    path: ['steps'],
    message: 'number the steps 1, 2, 3 … in order',
  });
export type SkillDefinition = z.infer<typeof skillDefinitionSchema>;

export const skillSchema = z.object({
  id: z.uuid(),
  ...shapeOf('whole'),
  isSystem: z.boolean(),
  source: z.enum(['manual', 'template', 'taught', 'import', 'system']),
  version: z.int(),
  runCount: z.int(),
  lastRunAt: timeSchema.nullable(),
  nextRunAt: timeSchema.nullable(),
  skippedCount: z
    .int()
    .describe('Times of its schedule that came to no run: missed, or left out by `overlap`'),
  lastSkippedAt: timeSchema.nullable(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  toolTokens: z
    .array(
      z.object({
        step: z.int(),
        tools: z.int(),
        tokens: z.int(),
        isCounted: z.boolean(),
        isSearched: z.boolean(),
      }),
    )
    .optional()
    .describe(
      'Of one skill: how many tokens the tools of each step would take in every request, as the endpoint counts them (`isCounted`) or about; `isSearched`: they are too many, and the model is given a search for them',
    ),
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

/** In a merge patch: null takes a field away, and of a field that is an object a part may be given. */
const patchOf = (schema: z.ZodType): z.ZodType =>
  isObject(schema) ? z.record(z.string(), z.unknown()).nullish() : schema.nullish();

function isObject(schema: z.ZodType): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return isObject(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodObject || schema instanceof z.ZodRecord;
}

/** RFC 7396: fields left out stay as they are, null takes a field away. */
export const skillPatchSchema = z.record(z.string(), z.unknown());

/** What a reader of the API is told of a patch: of which fields it is, and what each may hold. The result is checked, not the patch. */
export const describedSkillPatchSchema = z
  .object(
    Object.fromEntries(Object.entries(shapeOf('whole')).map(([name, schema]) => [name, patchOf(schema)])),
  )
  .describe('A JSON merge patch of the skill as it is read; the result is checked like a new skill');

export const skillQuerySchema = pageQuerySchema.extend({
  tag: tagSchema.optional().describe('Only those that have this tag, as it is written'),
});

/** `SKILL.md` among them (agentskills.io). */
const skillFolderSchema = z.record(z.string(), z.string()).describe('Text files by path');

export const skillExportSchema = z.object({
  name: slugSchema.describe("The folder's name"),
  files: skillFolderSchema,
});

export const skillImportSchema = z
  .object({
    files: sentFolderSchema.optional(),
    text: z.string().max(1_000_000).optional().describe('In place of files: the SKILL.md alone'),
    replace: z.boolean().default(false).describe('Save a skill of this slug that is there as a new version'),
    slug: slugSchema.optional().describe('In place of the one that it would get by its name'),
    preview: z.boolean().default(false).describe('Only show what it would become; nothing is saved'),
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
      'What would keep a run from its tools as things are; of a template that is a draft, what to add; of one that was switched off, what became of its runs',
    ),
});
export type NewSkillResult = z.infer<typeof newSkillResultSchema>;

/** What an import would save. */
export const skillImportPreviewSchema = z.object({
  definition: skillDefinitionSchema,
  isTaken: z.boolean().describe('A skill of this slug is there'),
  warnings: z.array(z.string()).describe('What could not be taken over'),
});

export const skillImportResultSchema = z.object({
  skill: skillSchema,
  warnings: z.array(z.string()).describe('What could not be taken over'),
});
