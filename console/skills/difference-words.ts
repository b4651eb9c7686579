/** What two versions of a skill differ in, in a person's words. */
import { type Difference, wholeSkill } from '../../src/contract/skill-differences.ts';
import { mapFields } from '../../src/contract/skill-fields.ts';
import { duration, money } from '../ui/format.ts';
import { own } from '../ui/own.ts';
import { t, told } from '../words/t.ts';

const units = Object.fromEntries(
  Object.values(mapFields((_, { name, unit }) => ({ name, unit }))).map(({ name, unit }) => [name, unit]),
);

/** As a person reads it; what is missing as nothing. */
export function shown(field: string, value: string | undefined): string {
  const unit = own(units, field);
  if (value === undefined || unit === undefined || !Number.isFinite(Number(value))) return value ?? '';
  return unit === 'usd' ? money(Number(value)) : duration(Number(value));
}

/** The skill as a whole, or one of its steps, as `differencesOf` says it in English. */
export function placeOf(part: string): string {
  const [, id, state, before] = /^Step (\d+)(?:, (?:(new|removed)|before (\d+)))?$/.exec(part) ?? [];
  if (id === undefined) return told(part);
  if (state === 'new') return t('Step {id}, new', { id });
  if (state === 'removed') return t('Step {id}, removed', { id });
  return before === undefined ? t('Step {id}', { id }) : t('Step {id}, before {before}', { id, before });
}

/** So many are named, and so long may a value be that stands beside its name. */
const [mostNamed, longest] = [3, 24];

/** In a line: `One run: $0.50 → $2`, or what differs by name. Empty where nothing does. */
export function changesInShort(differences: readonly Difference[]): string {
  const [only, ...others] = differences;
  if (only !== undefined && others.length === 0) {
    const values = [only.before, only.after].map((value) =>
      value === undefined ? t('nothing') : shown(only.field, value),
    );
    if (values.every((value) => value.length <= longest && !value.includes('\n')))
      return t('{name}: {before} → {after}', {
        name: nameOf(only),
        before: values[0] ?? '',
        after: values[1] ?? '',
      });
  }
  const names = [...new Set(differences.map(nameOf))];
  const rest = names.length - mostNamed;
  return [...names.slice(0, mostNamed), ...(rest > 0 ? [t('{rest} more', { rest })] : [])].join(', ');
}

/** The field of the skill, or which step it is in. */
const nameOf = ({ part, field }: Difference): string => (part === wholeSkill ? told(field) : placeOf(part));
