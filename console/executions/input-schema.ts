/** A skill's input schema as rows that a person fills in, and back. What the rows cannot say stays in it untouched. */
import { isRecord } from '../../src/contract/is-record.ts';
import { t } from '../words/t.ts';

type Schema = Record<string, unknown>;

export const inputTypes = {
  text: 'text',
  number: t('a number'),
  integer: t('a whole number'),
  boolean: t('yes or no'),
  choice: t('one of a list'),
  date: t('a day'),
  list: t('a list of texts'),
  json: t('anything, as JSON'),
  other: t('as its JSON Schema says'),
} as const;
type InputType = keyof typeof inputTypes;

export type InputRow = {
  name: string;
  type: InputType;
  required: boolean;
  description: string;
  /** Of one of a list: one a line. */
  choices: string;
  /** Of the property, what no field above says. */
  rest: Schema;
};

export type InputsDraft = {
  view: 'fields' | 'json';
  rows: InputRow[];
  /** Of the schema, what is neither its properties nor which of them are required. */
  rest: Schema;
  /** The schema as text, in the other view. */
  text: string;
};

export const newRow = (name = ''): InputRow => ({
  name,
  type: 'text',
  required: true,
  description: '',
  choices: '',
  rest: {},
});

/** The rows of a schema; undefined when rows cannot show it. */
export function rowsOf(schema: Schema): Pick<InputsDraft, 'rows' | 'rest'> | undefined {
  const { type, properties = {}, required = [], ...rest } = schema;
  const isPlain =
    (type === undefined || type === 'object') && isRecord(properties) && Array.isArray(required);
  if (!isPlain || !Object.values(properties).every(isRecord)) return undefined;
  const needed = new Set(required);
  // A name that is required and described nowhere would be lost.
  if (![...needed].every((name) => typeof name === 'string' && Object.hasOwn(properties, name)))
    return undefined;
  const rows = Object.entries(properties as Record<string, Schema>).map(([name, property]) =>
    rowOf(name, property, needed.has(name)),
  );
  return { rows, rest };
}

function rowOf(name: string, property: Schema, required: boolean): InputRow {
  const { description, ...said } = property;
  const about = {
    name,
    required,
    description: typeof description === 'string' ? description : '',
    choices: '',
  };
  const { type, enum: choices, format, items, ...rest } = said;
  if (type === 'string' && Array.isArray(choices) && choices.every((choice) => typeof choice === 'string')) {
    return { ...about, type: 'choice', choices: choices.join('\n'), rest };
  }
  const known = shapes.find(
    ({ shape }) =>
      JSON.stringify(shape) ===
      JSON.stringify({
        ...(type === undefined ? {} : { type }),
        ...(format === undefined ? {} : { format }),
        ...(items === undefined ? {} : { items }),
      }),
  );
  const isPlain = known?.name !== 'json' || Object.keys(rest).every((key) => notes.has(key));
  return known && isPlain && choices === undefined
    ? { ...about, type: known.name, rest }
    : { ...about, type: 'other', rest: said };
}

/** What is said of a value beside its type. */
const notes = new Set(['title', 'default', 'examples', 'deprecated']);
/** What says its type: it goes when another type is chosen. */
const shaping = new Set(
  'type enum format items prefixItems const anyOf oneOf allOf not $ref properties required'.split(' '),
);
const withoutShape = (rest: Schema): Schema =>
  Object.fromEntries(Object.entries(rest).filter(([key]) => !shaping.has(key)));

const shapes: { name: InputType; shape: Schema }[] = [
  { name: 'text', shape: { type: 'string' } },
  { name: 'number', shape: { type: 'number' } },
  { name: 'integer', shape: { type: 'integer' } },
  { name: 'boolean', shape: { type: 'boolean' } },
  { name: 'date', shape: { type: 'string', format: 'date' } },
  { name: 'list', shape: { type: 'array', items: { type: 'string' } } },
  { name: 'json', shape: {} },
];

/** The schema that rows mean; null for no rows and nothing else said. */
export function schemaOfRows({ rows, rest }: Pick<InputsDraft, 'rows' | 'rest'>): Schema | null {
  const named = rows.filter(({ name }) => name.trim() !== '');
  if (named.length === 0 && Object.keys(rest).length === 0) return null;
  const properties = Object.fromEntries(
    named.map(({ name, type, description, choices, rest: more }) => {
      const shape =
        type === 'choice'
          ? { type: 'string', enum: linesOf(choices) }
          : (shapes.find((one) => one.name === type)?.shape ?? {});
      return [
        name.trim(),
        {
          ...shape,
          ...(description.trim() === '' ? {} : { description }),
          ...(type === 'other' ? more : withoutShape(more)),
        },
      ];
    }),
  );
  const required = named.filter((row) => row.required).map(({ name }) => name.trim());
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }), ...rest };
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export function inputsDraftOf(schema: Schema | null | undefined): InputsDraft {
  const rows = rowsOf(schema ?? {});
  return {
    view: rows ? 'fields' : 'json',
    rows: rows?.rows ?? [],
    rest: rows?.rest ?? {},
    text: schema ? JSON.stringify(schema, null, 2) : '',
  };
}

/** The schema of either view. @throws SyntaxError for text that is no JSON object */
export function schemaOfDraft(inputs: InputsDraft): Schema | null {
  if (inputs.view === 'fields') return schemaOfRows(inputs);
  if (inputs.text.trim() === '') return null;
  const schema: unknown = JSON.parse(inputs.text);
  if (!isRecord(schema))
    throw new SyntaxError(t('A JSON Schema is an object: {example}.', { example: '{"type": "object", …}' }));
  return schema;
}

/** As it stands while it is written: undefined while the text is no schema yet. */
export function schemaSoFar(inputs: InputsDraft): Schema | null | undefined {
  try {
    return schemaOfDraft(inputs);
  } catch {
    return undefined; // said at the field itself
  }
}
