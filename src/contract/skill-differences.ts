/** Two versions of a skill beside each other: the fields that differ, step by step. */
import { diffArrays } from 'diff';
import { isRecord } from './is-record.ts';
import { fieldsWith, mapFields } from './skill-fields.ts';
import { stepFieldNames } from './steps.ts';

export type Difference = {
  /** Where it stands: the skill as a whole, or one of its steps. */
  part: string;
  field: string;
  before: string | undefined;
  after: string | undefined;
};

const names: Record<string, string> = { ...mapFields((_, { name }) => name), ...stepFieldNames };
/** What follows from the steps, and what only numbers them. */
const derived = new Set([...fieldsWith('isDerived'), 'steps', 'id']);

type Fields = Record<string, unknown>;

export function differencesOf(before: Fields, after: Fields): Difference[] {
  return [
    ...fieldsThatDiffer('The skill', before, after),
    ...stepsThatDiffer(stepsIn(before), stepsIn(after)),
  ];
}

const stepsIn = ({ steps }: Fields): Fields[] => (Array.isArray(steps) ? steps.filter(isRecord) : []);

function fieldsThatDiffer(part: string, before: Fields, after: Fields): Difference[] {
  const keys = [...new Set([...Object.keys(names), ...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const [was, is] = [textOf(before[key]), textOf(after[key])];
    return derived.has(key) || was === is ? [] : [{ part, field: names[key] ?? key, before: was, after: is }];
  });
}

/** Steps with the same prompt are the same step, wherever they stand now; others are paired in their order. */
function stepsThatDiffer(before: Fields[], after: Fields[]): Difference[] {
  const found: Difference[] = [];
  let [at, to] = [0, 0];
  let gone: Fields[] = [];
  const flush = (): void => {
    for (const step of gone) found.push(...fieldsThatDiffer(`Step ${++at}, removed`, step, {}));
    gone = [];
  };
  for (const { value, added, removed } of diffArrays(before, after, {
    comparator: (one, other) => one.prompt === other.prompt,
  })) {
    if (removed) {
      gone = value;
    } else if (added) {
      for (const step of value) {
        const was = gone.shift();
        to++;
        found.push(
          ...(was
            ? fieldsThatDiffer(stepName(++at, to), was, step)
            : fieldsThatDiffer(`Step ${to}, new`, {}, step)),
        );
      }
      flush();
    } else {
      flush();
      // Of what is equal by its prompt, the differ gives one side alone.
      for (let index = 0; index < value.length; index++) {
        const [was, is] = [before[at] ?? {}, after[to] ?? {}];
        found.push(...fieldsThatDiffer(stepName(++at, ++to), was, is));
      }
    }
  }
  flush();
  return found;
}

const stepName = (was: number, is: number): string =>
  was === is ? `Step ${is}` : `Step ${is}, before ${was}`;

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return value.length === 0 ? undefined : value.join('\n');
  }
  if (isRecord(value) && Object.keys(value).length === 0) return undefined;
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}
