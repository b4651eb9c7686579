/** Two versions of a skill beside each other: the fields that differ, step by step. */
import { changesBetween } from './changes-between.ts';
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

/** Where what differs is no step's. */
export const wholeSkill = 'The skill';

const names: Record<string, string> = { ...mapFields((_, { name }) => name), ...stepFieldNames };
/** What follows from the steps, and what only numbers them. */
const derived = new Set([...fieldsWith('isDerived'), 'steps', 'id']);

type Fields = Record<string, unknown>;

export function differencesOf(before: Fields, after: Fields): Difference[] {
  return [
    ...fieldsThatDiffer(wholeSkill, before, after),
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
  const changes = changesBetween(before, after, (one, other) => one.prompt === other.prompt);
  for (const { side, item } of changes) {
    if (side === 'removed') {
      gone.push(item);
      continue;
    }
    if (side === 'same') {
      flush();
      const was = before[at] ?? {};
      found.push(...fieldsThatDiffer(stepName(++at, ++to), was, item));
      continue;
    }
    const was = gone.shift();
    to++;
    found.push(
      ...(was
        ? fieldsThatDiffer(stepName(++at, to), was, item)
        : fieldsThatDiffer(`Step ${to}, new`, {}, item)),
    );
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
