/** What the prompts of a skill may name: its inputs, what a hook brings, and what its steps name already. */

import { isRecord } from '../../src/contract/is-record.ts';
import { findPlaceholders, undeclaredPlaceholders } from '../../src/contract/placeholders.ts';
import type { InputName } from '../skills/prompt-options.ts';
import type { SkillDraft } from '../skills/skill-draft.ts';
import { t } from '../words/t.ts';

const ofHook: InputName[] = [
  { name: 'body', about: t('what the caller sent') },
  { name: 'headers', about: t('its headers, the safe ones') },
  { name: 'query', about: t('what stood in the address') },
];

/** @param schema the input schema as it stands; null for none, undefined while it cannot be read */
export function inputNames(
  schema: Record<string, unknown> | null | undefined,
  { steps, triggerType }: Pick<SkillDraft, 'steps' | 'triggerType'>,
): InputName[] {
  const hook = triggerType === 'webhook' ? ofHook : [];
  const declared = isRecord(schema?.properties) ? namesIn(schema.properties, '') : [];
  const texts = steps.map(({ prompt, guidance }) => `${prompt}\n${guidance}`).join('\n');
  const used = findPlaceholders(texts).map((name) => ({ name, about: t('named in a step') }));
  const all = new Map([...used, ...hook, ...declared].map((one) => [one.name, one]));
  // Those that are described come first.
  return [...new Set([...declared, ...hook, ...used].map(({ name }) => name))].flatMap(
    (name) => all.get(name) ?? [],
  );
}

function namesIn(properties: Record<string, unknown>, before: string): InputName[] {
  return Object.entries(properties).flatMap(([key, property]) => {
    if (!isRecord(property)) return [{ name: before + key, about: t('an input') }];
    const said = property.title ?? property.description ?? typeWord(property.type);
    const inner =
      isRecord(property.properties) && before === '' ? namesIn(property.properties, `${key}.`) : [];
    return [{ name: before + key, about: String(said) }, ...inner];
  });
}

/** Of a text, the names that the inputs do not have. Without described inputs, any name is taken as one. */
export const strangersIn = (text: string, schema: Record<string, unknown> | null | undefined): string[] =>
  schema ? undeclaredPlaceholders(text, schema) : [];

const typeWord = (type: unknown): string =>
  type === 'string' ? 'text' : typeof type === 'string' ? type : t('an input');
