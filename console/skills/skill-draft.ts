/** A skill as the form holds it: texts; and back, as the API takes it. */
import { mergePatchOf } from '../../src/contract/merge-patch-of.ts';
import type { FormControl, SkillField } from '../../src/contract/skill-field.ts';
import { type FieldWith, fieldsWith, skillFields } from '../../src/contract/skill-fields.ts';
import type { Skill, Step } from '../../src/contract/skills.ts';

import { type InputsDraft, inputsDraftOf, schemaOfDraft } from '../executions/input-schema.ts';
import { own } from '../ui/own.ts';
import { given, isEmpty, numberOr, textOf, textOr } from './draft-texts.ts';
import { answerFields, type HookDraft, hookConfigOf, hookDraftOf } from './hook-draft.ts';

export type StepDraft = {
  prompt: string;
  guidance: string;
  allowedTools: string[];
  approval: '' | NonNullable<Step['approval']>;
  maxTurns: string;
  /** What the form does not show, kept as it is. */
  rest: Partial<Step>;
};

type TriggerDraft = HookDraft & {
  cron: string;
  timezone: string;
  missed: string;
  overlap: string;
  /** Set on the skill's page; an edit keeps it. */
  pausedUntil: string;
  auth: string;
  response: string;
  dedupeBy: string;
  perMinute: string;
  /** A secret of one's own; empty to keep what is there, or to have one made up. */
  secret: string;
  isSecretNew: boolean;
  phrases: string;
};

export type FileDraft = { path: string; text: string };

export type SkillDraft = {
  name: string;
  slug: string;
  /** With commas between them. */
  tags: string;
  steps: StepDraft[];
  inputs: InputsDraft;
  triggerType: Skill['triggerType'];
  trigger: TriggerDraft;
  files: FileDraft[];
  isActive: boolean;
  /** Of each field that is one text, one number or one choice. */
} & Record<FormField, string>;

export type FormField = FieldWith<'form'>;

/** The fields that the form shows by rule, with how it shows them. */
export const formFields = fieldsWith('form').map((name) => {
  const field: SkillField & { form: FormControl } = skillFields[name];
  return { ...field, field: name };
});

export const isLines = ({ form }: { form: FormControl }): boolean => form.kind === 'lines';

export const newStep = (): StepDraft => ({
  prompt: '',
  guidance: '',
  allowedTools: [],
  approval: '',
  maxTurns: '',
  rest: {},
});

export function draftOf(skill: Skill | undefined): SkillDraft {
  const config = skill?.triggerConfig ?? {};
  return {
    name: skill?.name ?? '',
    slug: skill?.slug ?? '',
    tags: skill?.tags?.join(', ') ?? '',
    steps: skill?.steps.map(stepDraftOf) ?? [newStep()],
    inputs: inputsDraftOf(skill?.inputSchema),
    triggerType: skill?.triggerType ?? 'manual',
    trigger: {
      cron: textOf(config.cron) || '0 7 * * *',
      timezone: textOf(config.timezone),
      missed: textOf(config.missed) || 'skip',
      overlap: textOf(config.overlap) || 'one',
      pausedUntil: textOf(config.pausedUntil),
      auth: textOf(config.auth) || 'standard',
      response: textOf(config.response) || 'accepted',
      dedupeBy: textOf(config.dedupeBy),
      perMinute: textOf(config.perMinute),
      ...hookDraftOf(config),
      secret: '',
      isSecretNew: false,
      phrases: Array.isArray(config.phrases) ? config.phrases.join('\n') : '',
    },
    ...textsOf(skill),
    files: Object.entries(skill?.files ?? {}).map(([path, text]) => ({ path, text })),
    isActive: skill?.isActive ?? true,
  };
}

/** What the fields that are shown by rule say, in the units of the form. */
const textsOf = (skill: Skill | undefined): Record<FormField, string> =>
  Object.fromEntries(
    formFields.map(({ field, unsaid, form: { size = 1 } }) => {
      const value = skill?.[field] ?? unsaid;
      return [field, textOf(typeof value === 'number' ? value / size : value)];
    }),
  ) as Record<FormField, string>;

/** And back: what is empty says nothing. */
const valuesOf = (draft: SkillDraft): Record<string, unknown> =>
  Object.fromEntries(
    formFields.map(({ field, unsaid, form: { kind, size } }) => {
      const text = draft[field].trim();
      if (text === '') return [field, unsaid];
      if (kind === 'lines') return [field, draft[field]];
      if (kind !== 'number') return [field, text];
      return [field, size === undefined ? Number(text) : Math.round(Number(text) * size)];
    }),
  );

const stepDraftOf = ({
  id: _,
  prompt,
  guidance = '',
  allowedTools,
  approval,
  maxTurns,
  ...rest
}: Step): StepDraft => ({
  prompt,
  guidance,
  allowedTools,
  approval: approval ?? '',
  maxTurns: textOf(maxTurns),
  rest,
});

/** What `POST` of a skill takes. @throws SyntaxError when the input schema is not JSON */
export function bodyOf(draft: SkillDraft): Record<string, unknown> {
  return {
    name: draft.name.trim(),
    slug: draft.slug,
    tags: tagsOf(draft.tags),
    steps: draft.steps.map(({ prompt, guidance, allowedTools, approval, maxTurns, rest }, index) => ({
      ...rest,
      id: index + 1,
      prompt,
      ...given('guidance', isEmpty(guidance) ? undefined : guidance),
      allowedTools,
      ...given('approval', approval === '' ? undefined : approval),
      ...given('maxTurns', numberOr(maxTurns, undefined)),
    })),
    inputSchema: schemaOfDraft(draft.inputs),
    triggerType: draft.triggerType,
    triggerConfig: triggerConfigOf(draft),
    ...valuesOf(draft),
    files:
      draft.files.length === 0 ? null : Object.fromEntries(draft.files.map(({ path, text }) => [path, text])),
    isActive: draft.isActive,
  };
}

const tagsOf = (text: string): string[] | null => {
  const tags = [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
  return tags.length === 0 ? null : tags;
};

/** What `PATCH` takes: what the draft no longer says falls away. The sealed secret stays, unless another is wanted. */
export function patchOf(skill: Skill, draft: SkillDraft): Record<string, unknown> {
  const body = bodyOf(draft);
  const { secret: _, ...config } = skill.triggerType === draft.triggerType ? skill.triggerConfig : {};
  const isRemade =
    draft.triggerType === 'webhook' && draft.trigger.isSecretNew && isEmpty(draft.trigger.secret);
  // The word that is kept as a hash goes on, as long as the sender is the same.
  const keepsWord = isEmpty(draft.trigger.verifyToken) && config.auth === draft.trigger.auth;
  const keptWord = keepsWord ? given('verifyToken', config.verifyToken) : {};
  const after = { ...(body.triggerConfig as Record<string, unknown>), ...keptWord };
  return {
    ...body,
    inputSchema:
      body.inputSchema && skill.inputSchema
        ? mergePatchOf(skill.inputSchema, body.inputSchema as Record<string, unknown>)
        : body.inputSchema,
    files:
      body.files && skill.files
        ? mergePatchOf(skill.files, body.files as Record<string, unknown>)
        : body.files,
    triggerConfig: {
      ...mergePatchOf(config, after),
      ...(isRemade ? { secret: null } : {}),
    },
  };
}

function triggerConfigOf({ triggerType, trigger }: SkillDraft): Record<string, unknown> {
  if (triggerType === 'schedule') {
    return {
      cron: trigger.cron.trim(),
      ...given('timezone', textOr(trigger.timezone, undefined)),
      missed: trigger.missed,
      overlap: trigger.overlap,
      ...given('pausedUntil', textOr(trigger.pausedUntil, undefined)),
    };
  }
  if (triggerType === 'webhook') {
    return {
      auth: trigger.auth,
      response: trigger.response,
      ...given('dedupeBy', textOr(trigger.dedupeBy, undefined)),
      ...given('perMinute', numberOr(trigger.perMinute, undefined)),
      ...hookConfigOf(trigger),
      ...given('secret', trigger.auth === 'none' ? undefined : textOr(trigger.secret, undefined)),
    };
  }
  if (triggerType !== 'chat') return {};
  const phrases = trigger.phrases.split('\n').flatMap((line) => (isEmpty(line) ? [] : [line.trim()]));
  return phrases.length === 0 ? {} : { phrases };
}

/** Where in the form a JSON pointer of the API's errors stands; undefined for what has no field of its own. */
export function placeOf(pointer: string, { inputs }: SkillDraft): string | undefined {
  const [first = '', second = '', third = ''] = pointer.split('/').slice(1);
  if (first === 'steps' && /^\d+$/.test(second)) {
    return ['prompt', 'guidance', 'allowedTools', 'approval', 'maxTurns'].includes(third)
      ? `steps.${second}.${third}`
      : undefined;
  }
  if (first === 'inputSchema') {
    const row = second === 'properties' ? inputs.rows.findIndex(({ name }) => name === third) : -1;
    return inputs.view === 'fields' && row >= 0 ? `inputs.rows.${row}.name` : 'inputs.text';
  }
  if (first === 'files') return 'files';
  if (first === 'tags') return 'tags';
  if (first === 'triggerConfig' && second === 'answer')
    return `trigger.${own(answerFields, third) ?? 'answerBody'}`;
  if (first === 'triggerConfig' && second === 'methods') return 'trigger.takesGet';
  if (first === 'triggerConfig') return `trigger.${second || 'cron'}`;
  return second === '' && Object.hasOwn(draftOf(undefined), first) ? first : undefined;
}
