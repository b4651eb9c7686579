/** What the console says of the contract's and the settings' tables, which are in English: `told` looks each up by its text. */
import { settings } from '../../../src/config/known-keys.ts';
import type { Setting } from '../../../src/config/setting.ts';
import {
  channelKindNames,
  contentLevels,
  kindFacts,
  noticeEvents,
} from '../../../src/contract/channel-kinds.ts';
import { connectionTypes, type FieldFacts } from '../../../src/contract/connection-types.ts';
import { type Standing, troubleOf } from '../../../src/contract/home.ts';
import { serversByUse } from '../../../src/contract/known-servers/known-servers.ts';
import { wholeSkill } from '../../../src/contract/skill-differences.ts';
import type { SkillField } from '../../../src/contract/skill-field.ts';
import { skillFields } from '../../../src/contract/skill-fields.ts';
import { stepFieldNames } from '../../../src/contract/steps.ts';
import { triggerTexts } from '../../../src/contract/trigger-texts.ts';
import { triggers } from '../../../src/contract/trigger-types.ts';

export function toldTexts(): string[] {
  const texts: (string | false | undefined)[] = [
    ...Object.values(triggers).map(({ words }) => words),
    ...Object.values(triggerTexts).flatMap((facts) => [
      facts.choice,
      facts.about,
      'starts' in facts && facts.starts,
    ]),
    ...Object.values(connectionTypes).flatMap(({ words, form }) => [
      words,
      ...Object.values<FieldFacts>(form).map(({ label }) => label),
    ]),
    ...channelKindNames.flatMap(channelTexts),
    ...Object.values(noticeEvents),
    ...Object.values(contentLevels),
    ...Object.values<SkillField>(skillFields).flatMap(({ name, form }) => [
      name,
      form?.label,
      form?.hint,
      form?.empty,
      ...(form?.choices ?? []).map(([, words]) => words),
    ]),
    ...Object.values<Setting>(settings).flatMap(({ words, otherwise, place }) =>
      place === undefined ? [] : [words, otherwise, place.label],
    ),
    wholeSkill,
    ...Object.values(stepFieldNames),
    ...standings.map((standing) => troubleOf({ ...well, ...standing })),
    ...serversByUse.map(({ use }) => use),
  ];
  return [...new Set(texts.filter((text) => typeof text === 'string').filter((text) => text !== ''))];
}

const well: Standing = { name: 'a', status: 'ready', approved: true, isActive: true, lastError: null };
const standings: Partial<Standing>[] = [
  { approved: false },
  { status: 'changed' },
  { status: 'needs_login' },
  { status: 'error' },
];

function channelTexts(kind: (typeof channelKindNames)[number]): (string | undefined)[] {
  const { label, about, steps, fields } = kindFacts(kind);
  return [
    label,
    about,
    ...steps,
    ...Object.values(fields).flatMap((field) => [
      field.label,
      field.hint,
      ...(field.choices ?? []).map(([, words]) => words),
    ]),
  ];
}
