/** The fields of a form, from a skill's input schema, or from the `{{names}}` in its prompts. */
import type { Skill } from '../../src/contract/skills.ts';

export type InputField = {
  name: string;
  title: string;
  description: string | undefined;
  required: boolean;
  kind: 'string' | 'number' | 'integer' | 'json';
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
  default?: unknown;
  maxLength?: number;
};

const titleOf = (name: string): string => {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A form's fields for any JSON Schema of an object; what is no plain text or number is written as JSON. */
export function fieldsOfSchema(schema: Record<string, unknown>): InputField[] {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = new Set((schema.required ?? []) as string[]);
  return Object.entries(properties).map(([name, property]) => {
    const type = [property.type].flat().find((one) => one !== 'null');
    const choices = property.enum?.every((choice) => typeof choice === 'string')
      ? (property.enum as string[])
      : type === 'boolean'
        ? ['true', 'false']
        : undefined;
    const kind =
      type === 'number' || type === 'integer'
        ? type
        : type === 'string' || type === undefined
          ? 'string'
          : 'json';
    return {
      name,
      title: property.title ?? titleOf(name),
      description: property.description,
      required: required.has(name) && property.default === undefined,
      kind,
      choices,
      isLong: (property.maxLength ?? 0) > 300,
      initial:
        property.default === undefined
          ? ''
          : typeof property.default === 'string'
            ? property.default
            : JSON.stringify(property.default),
    };
  });
}

export function inputFieldsOf(skill: Pick<Skill, 'inputSchema' | 'steps'>): InputField[] {
  if (skill.inputSchema) return fieldsOfSchema(skill.inputSchema);
  const text = skill.steps.map(({ prompt, guidance = '' }) => `${prompt}\n${guidance}`).join('\n');
  const names = [...text.matchAll(/\{\{\s*([A-Za-z_][\w-]*)/g)].map(([, name]) => name ?? '');
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
  if (kind === 'number' || kind === 'integer') return Number(text);
  if (kind === 'string' || (choices && text !== 'true' && text !== 'false')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
