/** The fields of a form, from a skill's input schema, or from the `{{names}}` in its prompts. */

import { parseExactJson } from '../../src/contract/exact-json.ts';
import { isRecord } from '../../src/contract/is-record.ts';
import { findPlaceholders } from '../../src/contract/placeholders.ts';
import type { Skill } from '../../src/contract/skills.ts';
import { t } from '../words/t.ts';
import { linesOf } from './input-schema.ts';

export type InputField = {
  name: string;
  title: string;
  description: string | undefined;
  required: boolean;
  kind: 'string' | 'number' | 'integer' | 'boolean' | 'date' | 'list' | 'json';
  choices: string[] | undefined;
  isLong: boolean;
  /** What stands in it at first. */
  initial: string;
};

type Schema = {
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: unknown[];
  format?: string;
  items?: unknown;
  default?: unknown;
  maxLength?: number;
};

const titleOf = (name: string): string => {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function kindOf({ type: types, format, items, enum: choices }: Schema): InputField['kind'] {
  const type = [types].flat().find((one) => one !== 'null');
  if (type === 'number' || type === 'integer' || type === 'boolean') return type;
  if (type === 'string') return format === 'date' ? 'date' : 'string';
  if (type === 'array' && isRecord(items) && items.type === 'string') return 'list';
  // A value of which nothing is said is most often a text; one of other choices is not.
  return type === undefined && (choices === undefined || choices.every((one) => typeof one === 'string'))
    ? 'string'
    : 'json';
}

/** A form's fields for any JSON Schema of an object; what is no plain text or number is written as JSON. */
export function fieldsOfSchema(schema: Record<string, unknown>): InputField[] {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = new Set((schema.required ?? []) as string[]);
  return Object.entries(properties).map(([name, property]) => {
    const choices = property.enum?.every((choice) => typeof choice === 'string')
      ? (property.enum as string[])
      : undefined;
    return {
      name,
      title: property.title ?? titleOf(name),
      description: property.description,
      required: required.has(name) && property.default === undefined,
      kind: kindOf(property),
      choices,
      isLong: (property.maxLength ?? 0) > 300,
      initial: property.default === undefined ? '' : textOfValue(kindOf(property), property.default),
    };
  });
}

export function inputFieldsOf(skill: Pick<Skill, 'inputSchema' | 'steps'>): InputField[] {
  if (skill.inputSchema) return fieldsOfSchema(skill.inputSchema);
  const text = skill.steps.map(({ prompt, guidance = '' }) => `${prompt}\n${guidance}`).join('\n');
  const names = findPlaceholders(text).map((name) => name.split('.')[0] ?? name);
  return [...new Set(names)].map((name) => ({
    name,
    title: titleOf(name),
    description: undefined,
    required: true,
    kind: 'string',
    choices: undefined,
    isLong: true,
    initial: '',
  }));
}

/** What was typed, as the schema wants it. JSON that is none is sent as text: the VM says what it should be. */
export function typedValue({ kind, choices }: InputField, text: string): unknown {
  if (kind === 'number' || kind === 'integer') return numberOf(text);
  if (kind === 'boolean') return text === 'true';
  if (kind === 'list') return linesOf(text);
  if (kind === 'string' || kind === 'date' || choices) return text;
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}

/** A number as it was typed: one that JavaScript would round is the text of its digits. */
function numberOf(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return Number(text); // such as 007 or +1, which JSON does not write
  }
}

/** A value as it would have been typed. */
export function textOfValue(kind: InputField['kind'], value: unknown): string {
  if (kind === 'list' && Array.isArray(value)) return value.join('\n');
  if (typeof value === 'string') return value;
  return JSON.stringify(value, null, kind === 'json' ? 2 : 0);
}

/** Why a text is not what its field is for; undefined when it may be. */
export function textProblem({ kind, required }: InputField, text: string): string | undefined {
  if (text.trim() === '') return required ? t('It needs this.') : undefined;
  if (kind === 'number' && Number.isNaN(Number(text))) return t('A number is wanted.');
  if (kind === 'integer' && !Number.isInteger(Number(text))) return t('A whole number is wanted.');
  if (kind !== 'json') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return t('This is not JSON: a text stands in double quotes.');
  }
}
