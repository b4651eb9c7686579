/**
 * The fields of a skill, each once: what it may hold, what holds where nothing is said, and what else is done with it by
 * rule. Definitions and skills on the wire, the columns and what their MAC is over, SKILL.md, versions and their differences,
 * the command line and the console's form go by this table. `prisma/schema.prisma` has a column of each name.
 */
import { z } from 'zod';
import { connectionNameSchema, jsonSchemaSchema, slugSchema } from './common.ts';
import { type FieldFacts, optional, required, type SkillField } from './skill-field.ts';
import { skillFilesSchema } from './skill-folder.ts';
import { stepSchema } from './steps.ts';
import { triggerTypeSchema } from './triggers.ts';

const usd = z.number().positive().max(100_000);
const efforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
const crashes = ['auto', 'hold', 'rerun'] as const;

const steps = z.array(stepSchema).min(1).max(50);
const description = z.string().max(10_000);
const connectionNames = z.array(connectionNameSchema).max(100);
const settings = z.record(z.string(), z.unknown());
const kept = settings.refine(
  (value) => JSON.stringify(value).length <= 50_000,
  'is longer than 50,000 characters',
);
export const tagSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{N} _-]{0,28}[\p{L}\p{N}])?$/u,
    'use up to 30 letters, digits, spaces and hyphens',
  );
const tags = z
  .array(tagSchema)
  .min(1, 'leave it out where there is none')
  .max(20)
  .refine((all) => new Set(all.map((tag) => tag.toLowerCase())).size === all.length, 'name each tag once');
const concurrency = z.int().min(1).max(100);

export const skillFields = {
  slug: required(slugSchema, { name: 'Slug', isApart: true }),
  name: required(z.string().min(1).max(200), { name: 'Name', isApart: true }),
  description: {
    given: description.default(''),
    whole: description,
    unsaid: '',
    name: 'What it does',
    isApart: true,
    form: { label: 'What it does', hint: 'In a sentence.', kind: 'lines' },
    option: { flag: '--description <text>', words: 'what it is for' },
  },
  steps: required(steps, { name: 'Steps', isJson: true }),
  inputSchema: optional(jsonSchemaSchema, { name: 'Inputs', isJson: true }),
  connectionNames: {
    given: connectionNames.optional().describe('Kept true to the steps at save'),
    whole: connectionNames,
    unsaid: [],
    name: 'Connections',
    isDerived: true,
    isApart: true,
  },
  triggerType: {
    given: triggerTypeSchema.default('manual'),
    whole: triggerTypeSchema,
    unsaid: 'manual',
    name: 'Trigger',
    isApart: true,
  },
  triggerConfig: {
    given: settings.default({}),
    whole: settings,
    unsaid: {},
    name: 'Trigger settings',
    isJson: true,
    isApart: true,
  },
  maxCostUsd: optional(
    usd,
    {
      name: 'Cost of one run',
      short: 'a run',
      unit: 'usd',
      setting: 'max_cost_per_run_usd',
      isCap: true,
      form: { label: 'One run, in dollars', kind: 'number' },
      option: { flag: '--max-cost <usd>', words: 'the most one run may cost', isNumber: true },
    },
    'Of each run, in US dollars',
  ),
  maxCostPerDayUsd: optional(
    usd,
    {
      name: 'Cost of a day',
      short: 'a day',
      unit: 'usd',
      isCap: true,
      form: { label: 'A day, in dollars', kind: 'number', empty: 'no cap of its own' },
    },
    "Of all its runs of a day in the owner's zone",
  ),
  maxCostPerMonthUsd: optional(
    usd,
    {
      name: 'Cost of a month',
      short: 'a month',
      unit: 'usd',
      isCap: true,
      form: { label: 'A month, in dollars', kind: 'number', empty: 'no cap of its own' },
    },
    "Of all its runs of a month in the owner's zone",
  ),
  timeoutMs: optional(z.int().min(1000).max(86_400_000), {
    name: 'Time of one run',
    short: 'time',
    unit: 'ms',
    setting: 'run_timeout_ms',
    form: { label: 'Time of one run, in minutes', kind: 'number', size: 60_000 },
  }),
  model: optional(z.string().min(1).max(200), {
    name: 'Model',
    form: { label: 'Model', kind: 'text' },
    option: { flag: '--model <model>', words: 'another model than the default' },
  }),
  effort: optional(z.enum(efforts), {
    name: 'How hard it thinks',
    short: 'effort',
    form: {
      label: 'How hard it thinks',
      kind: 'choice',
      choices: [
        ['', 'as the model does'],
        ['low', 'low'],
        ['medium', 'medium'],
        ['high', 'high'],
        ['xhigh', 'very high'],
        ['max', 'as hard as it can'],
      ],
    },
  }),
  concurrency: {
    given: concurrency.default(1),
    whole: concurrency,
    unsaid: 1,
    name: 'Runs at once',
    short: 'at once',
    isApart: true,
    form: { label: 'Runs at once', hint: 'Others wait their turn.', kind: 'number', whole: true },
  },
  onCrash: {
    given: z.enum(crashes).default('auto'),
    whole: z.enum(crashes),
    unsaid: 'auto',
    name: 'When the VM stops in a step',
    short: 'on crash',
    isApart: true,
    form: {
      label: 'When the VM stops in a step',
      hint: 'Steps before it are never done again.',
      kind: 'choice',
      choices: [
        ['auto', 'do it again, if that is safe'],
        ['rerun', 'always do it again'],
        ['hold', 'never: end as failed'],
      ],
    },
  },
  onFailureSkill: optional(slugSchema, {
    name: 'When a run fails, start',
    short: 'on failure',
    isApart: true,
    form: { label: 'When a run fails, start', kind: 'skill' },
  }),
  frontmatter: optional(
    kept,
    { name: 'Kept of its SKILL.md', isJson: true, isLater: true, isApart: true },
    'What the SKILL.md that it came from says beside name and description; written again at export',
  ),
  files: optional(
    skillFilesSchema,
    { name: 'Files', isJson: true, isLater: true },
    'Its own files by their paths, as they stood beside its SKILL.md: each step reads those that it needs by a tool of its own',
  ),
  tags: optional(
    tags,
    { name: 'Tags', short: 'tags', isJson: true, isLater: true, isApart: true },
    'Words by which its owner finds it among others',
  ),
  isActive: {
    given: z.boolean().default(true).describe('false: a draft, which may name tools that are not there yet'),
    whole: z.boolean(),
    unsaid: true,
    name: 'Active',
    isApart: true,
  },
} as const satisfies Record<string, SkillField>;

export type SkillFields = typeof skillFields;
export type SkillFieldName = keyof SkillFields;

export const skillFieldNames = Object.keys(skillFields) as SkillFieldName[];

/** The fields of which this is known. */
export type FieldWith<Fact extends keyof FieldFacts> = {
  [Name in SkillFieldName]: SkillFields[Name] extends Record<Fact, unknown> ? Name : never;
}[SkillFieldName];

export const fieldsWith = <Fact extends keyof FieldFacts>(fact: Fact): FieldWith<Fact>[] =>
  skillFieldNames.filter((name): name is FieldWith<Fact> => Object.hasOwn(skillFields[name], fact));

/** Something of each field, by its name. */
export const mapFields = <Value>(
  make: (name: SkillFieldName, field: SkillField) => Value,
): Record<SkillFieldName, Value> =>
  Object.fromEntries(skillFieldNames.map((name) => [name, make(name, skillFields[name])])) as Record<
    SkillFieldName,
    Value
  >;

/** The schemas by name: of a skill as it is given, where things may be left out, or as it is whole. */
export const shapeOf = <Side extends 'given' | 'whole'>(side: Side) =>
  // Each is that of its own field, which the types of a loop cannot say.
  mapFields((_, field) => field[side]) as { [Name in SkillFieldName]: SkillFields[Name][Side] };
