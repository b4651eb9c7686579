import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectionInputSchema } from '../contract/connections.ts';
import { skillDefinitionSchema } from '../contract/skills.ts';
import { isAlfredError } from './errors.ts';
import { jsonPointer, validate } from './validate.ts';

function fieldsOf(schema: z.ZodType, value: unknown) {
  try {
    validate(schema, value, 'The thing');
  } catch (error) {
    if (isAlfredError(error, 'E_VALIDATION')) return error.fields;
    throw error;
  }
  return undefined;
}

describe('validate', () => {
  it('names every wrong field by JSON pointer', () => {
    const skill = { slug: 'Not A Slug', steps: [{ id: 1, prompt: '', extra: 1 }], colour: 'red' };
    expect(
      fieldsOf(skillDefinitionSchema, skill)
        ?.map(({ field }) => field)
        .sort(),
    ).toEqual(['/colour', '/name', '/slug', '/steps/0/extra', '/steps/0/prompt']);
  });

  it('says that a field is required, and which fields are unknown', () => {
    expect(fieldsOf(z.object({ a: z.string() }).strict(), { b: 1 })).toEqual([
      { field: '/a', message: 'is required' },
      { field: '/b', message: 'is not a known field' },
    ]);
  });

  it('looks into the branch of a union that was meant', () => {
    const connection = { name: 'a', type: 'mcp_stdio', config: { command: 'x', env: { A: { plain: 1 } } } };
    expect(fieldsOf(connectionInputSchema, connection)).toEqual([
      { field: '/config/env/A/plain', message: expect.stringContaining('expected string') },
    ]);
  });

  it('never repeats what stood in a field', () => {
    const value = 'a-secret-in-the-wrong-place';
    const connection = { name: value.toUpperCase(), type: value, config: value };
    expect(JSON.stringify(fieldsOf(connectionInputSchema, connection)).toLowerCase()).not.toContain(value);
  });

  it('escapes pointers (RFC 6901)', () => {
    expect(jsonPointer(['a/b', 'c~d', 0])).toBe('/a~1b/c~0d/0');
    expect(jsonPointer([])).toBe('');
  });
});
