/** A skill as the form holds it: texts; and back, as the API takes it. */
import type { Skill, Step } from '../../src/contract/skills.ts';

export type SkillDraft = {
  name: string;
  slug: string;
  description: string;
  steps: {
    prompt: string;
    guidance: string;
    allowedTools: string[];
    /** What the form does not show, kept as it is. */
    rest: Partial<Omit<Step, 'id' | 'prompt' | 'guidance' | 'allowedTools'>>;
  }[];
  triggerType: Skill['triggerType'];
  cron: string;
  timezone: string;
  webhookAuth: string;
  maxCostUsd: string;
  timeoutMinutes: string;
  concurrency: string;
  isActive: boolean;
  /** Of the trigger's settings, what the form does not show. */
  triggerRest: Record<string, unknown>;
};

export function draftOf(skill: Skill | undefined): SkillDraft {
  const { cron, timezone, auth, ...triggerRest } = (skill?.triggerConfig ?? {}) as Record<
    string,
    string | undefined
  >;
  return {
    name: skill?.name ?? '',
    slug: skill?.slug ?? '',
    description: skill?.description ?? '',
    steps: skill?.steps.map(({ id: _, prompt, guidance = '', allowedTools, ...rest }) => ({
      prompt,
      guidance,
      allowedTools,
      rest,
    })) ?? [{ prompt: '', guidance: '', allowedTools: [], rest: {} }],
    triggerType: skill?.triggerType ?? 'manual',
    cron: cron ?? '',
    timezone: timezone ?? '',
    webhookAuth: auth ?? 'standard',
    maxCostUsd: skill?.maxCostUsd?.toString() ?? '',
    timeoutMinutes: skill?.timeoutMs == null ? '' : String(skill.timeoutMs / 60_000),
    concurrency: String(skill?.concurrency ?? 1),
    isActive: skill?.isActive ?? true,
    triggerRest,
  };
}

const numberOr = <Other>(text: string, other: Other): number | Other =>
  text.trim() === '' ? other : Number(text);

/** What `POST` and `PATCH` of a skill take. */
export function bodyOf(draft: SkillDraft): Record<string, unknown> {
  const minutes = numberOr(draft.timeoutMinutes, null);
  return {
    name: draft.name,
    slug: draft.slug,
    description: draft.description,
    steps: draft.steps.map(({ prompt, guidance, allowedTools, rest }, index) => ({
      ...rest,
      id: index + 1,
      prompt,
      ...(guidance.trim() === '' ? {} : { guidance }),
      allowedTools,
    })),
    triggerType: draft.triggerType,
    triggerConfig: triggerConfigOf(draft),
    maxCostUsd: numberOr(draft.maxCostUsd, null),
    timeoutMs: minutes === null ? null : Math.round(minutes * 60_000),
    concurrency: numberOr(draft.concurrency, 1),
    isActive: draft.isActive,
  };
}

function triggerConfigOf({
  triggerType,
  cron,
  timezone,
  webhookAuth,
  triggerRest,
}: SkillDraft): Record<string, unknown> {
  if (triggerType === 'schedule') {
    const { missed } = triggerRest;
    return {
      cron,
      timezone: timezone.trim() === '' ? null : timezone,
      ...(missed === undefined ? {} : { missed }),
    };
  }
  return triggerType === 'webhook' ? { auth: webhookAuth } : {};
}
