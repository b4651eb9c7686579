import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectionInputSchema } from '../contract/connection-types.ts';
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

  it('says in words what a field must be, and in no words of a programmer', () => {
    const step = { id: 'one', prompt: '', approval: 'sometimes', maxTurns: 1.5, allowedTools: 'all' };
    const skill = {
      slug: 'a'.repeat(65),
      name: 7,
      steps: [step],
      maxCostUsd: -1,
      isActive: 'yes',
      timeoutMs: 5,
    };
    const said = new Map(
      fieldsOf(skillDefinitionSchema, skill)?.map(({ field, message }) => [field, message]),
    );
    expect(Object.fromEntries(said)).toEqual({
      '/slug': 'use at most 64 characters',
      '/name': 'must be text',
      '/steps/0/id': 'must be a number',
      '/steps/0/prompt': 'must not be empty',
      '/steps/0/approval': 'must be one of never, destructive, always',
      '/steps/0/maxTurns': 'must be a whole number',
      '/steps/0/allowedTools': 'must be a list',
      '/maxCostUsd': 'must be more than 0',
      '/timeoutMs': 'must be at least 1000',
      '/isActive': 'must be true or false',
    });
    expect(fieldsOf(skillDefinitionSchema, { slug: 'a', name: 'A', steps: [] })).toEqual([
      { field: '/steps', message: 'must have at least 1 entry' },
    ]);
    expect(fieldsOf(connectionInputSchema, { name: 'a', type: 'ftp', config: {} })).toEqual([
      { field: '/type', message: 'must be one of mcp_stdio, mcp_http, http_api' },
    ]);
    expect(fieldsOf(skillDefinitionSchema, 'x')).toEqual([{ field: '', message: 'must be an object' }]);
  });

  it('says what the name of an entry must be', () => {
    const names = z.record(z.string().regex(/^[a-z]+$/, 'use letters'), z.string());
    expect(fieldsOf(names, { 'NOT a name': 'x' })).toEqual([
      { field: '/NOT a name', message: 'has a wrong name: use letters' },
    ]);
  });

  it('looks into the branch of a union that was meant', () => {
    const connection = { name: 'a', type: 'mcp_stdio', config: { command: 'x', env: { A: { plain: 1 } } } };
    expect(fieldsOf(connectionInputSchema, connection)).toEqual([
      { field: '/config/env/A/plain', message: 'must be text' },
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
