/** What the registry calls an input: a value that is fixed, has a default, or is to be asked for. */
import { isRecord } from '../../../contract/is-record.ts';
import { referenceTo } from '../../open-secrets/placeholders.ts';
import { type Fields, recordsIn, textOf } from './registry-fields.ts';

/** What came of the inputs of one package or address, for whoever takes it over. */
export type Said = {
  /** Names of values that are secrets whatever they look like. */
  secret: Set<string>;
  /** What may be given besides, each with what it is. */
  optional: string[];
  /** What is asked for, and what it must be one of. */
  choices: string[];
};

export const nothingSaid = (): Said => ({ secret: new Set(), optional: [], choices: [] });

const nameFor = (label: string): string =>
  referenceTo(
    label
      .replace(/([a-z\d])([A-Z])/g, '$1_$2')
      .replace(/[^A-Za-z0-9]+/g, '_')
      .toUpperCase()
      .replace(/^_+/, ''),
  );

/**
 * The value of an input, a reference where a person has to say it, undefined where it may be left out.
 *
 * @param label by what it is asked for
 */
function inputValue(input: Fields, label: string, said: Said): string | undefined {
  const { variables, isRequired, isSecret, choices, description } = input;
  const fixed = textOf(input.value);
  const ways =
    Array.isArray(choices) && choices.length > 0
      ? `${label} is one of ${choices.slice(0, 12).join(', ')}`
      : undefined;
  if (fixed !== undefined && fixed !== '')
    return withVariables(fixed, isRecord(variables) ? variables : {}, said);
  const preset = textOf(input.default);
  if (preset !== undefined && preset !== '' && isSecret !== true) {
    if (ways !== undefined) said.choices.push(`${ways}: ${preset} is taken`);
    return preset;
  }
  if (isRequired === true) {
    if (ways !== undefined) said.choices.push(ways);
    return nameFor(label);
  }
  said.optional.push(
    typeof description === 'string' && description !== '' ? `${label} (${description.slice(0, 80)})` : label,
  );
  return undefined;
}

/** `{name}` as the variable of that name says; what none says stays as it is. */
const withVariables = (text: string, variables: Fields, said: Said): string =>
  text.replace(/\{([A-Za-z_][\w.-]*)\}/g, (whole, name: string, at: number) => {
    const input = variables[name];
    if (!isRecord(input) || text[at - 1] === '$') return whole;
    return inputValue({ ...input, isRequired: true }, name, said) ?? nameFor(name);
  });

/** Environment variables and headers by name. */
export function namedValues(inputs: unknown, said: Said): Record<string, string> {
  const values = new Map<string, string>();
  for (const input of recordsIn(inputs)) {
    const name = textOf(input.name);
    if (name === undefined || !/^[\w.-]{1,128}$/.test(name)) continue;
    if (input.isSecret === true) said.secret.add(name);
    const value = inputValue(input, name, said);
    if (value !== undefined) values.set(name, value);
  }
  return Object.fromEntries(values);
}

/** Letters and words that stand alone, as they are in real files without a value. */
const alone =
  /^-{1,2}(?:y|yes|i|interactive|rm|t|tty|q|quiet|silent|init|pull|no-cache|stdio|prerelease|help|u|unbuffered)$/;

/** The words of arguments, in their order. */
export function wordsOf(inputs: unknown, said: Said): string[] {
  return recordsIn(inputs).flatMap((input) => {
    const name = textOf(input.name) ?? '';
    if (input.type !== 'named' && name === '') {
      const value = inputValue(input, textOf(input.valueHint) ?? 'ARGUMENT', said);
      return value === undefined ? [] : [value];
    }
    const given = textOf(input.value) ?? textOf(input.default);
    if (input.format === 'boolean' || (given === undefined && alone.test(name)))
      return given === 'false' || (given === undefined && input.isRequired !== true && !alone.test(name))
        ? []
        : [name];
    const value = inputValue(input, name.replace(/^-+/, '') || 'value', said);
    if (value === undefined) return [];
    // Some write the flag into the value as well.
    return value === name || value.startsWith(`${name} `) || value.startsWith(`${name}=`)
      ? value.split(/ (.*)/s).filter((one) => one !== '')
      : [name, value];
  });
}
