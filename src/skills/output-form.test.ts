import { describe, expect, it } from 'vitest';
import { compileSchema, misfits } from '../json-schema/json-schema.ts';
import { fromAgentForm, outputSchemaProblems, toAgentForm } from './output-form.ts';

type Schema = Record<string, unknown>;
const fits = (schema: Schema, value: unknown) => misfits(compileSchema(schema), value).length === 0;

describe('the form of an output', () => {
  it('of an object stays as it is, without its dialect', () => {
    const schema = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/a' } },
      $defs: { a: { type: 'number' } },
    };
    expect(toAgentForm({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema })).toEqual(
      schema,
    );
    expect(fromAgentForm(schema, { a: 1 })).toEqual({ a: 1 });
  });

  const tree = {
    type: 'object',
    properties: { kids: { type: 'array', items: { $ref: '#' } } },
    required: ['kids'],
  };
  const cases: [string, Schema, good: unknown, bad: unknown][] = [
    ['a list', { type: 'array', items: { type: 'number' } }, [1, 2], ['x']],
    ['a text', { type: 'string', minLength: 2 }, 'ab', 'a'],
    ['a union of types', { type: ['number', 'null'] }, null, 'x'],
    ['a union', { anyOf: [{ type: 'number' }, { type: 'boolean' }] }, true, 'x'],
    [
      'an object that is a union',
      { type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      { a: 1 },
      {},
    ],
    ['a reference at the root', { $ref: '#/$defs/a', $defs: { a: { type: 'integer' } } }, 1, 'x'],
    [
      'a reference to the root',
      { anyOf: [{ type: 'null' }, { type: 'array', items: { $ref: '#' } }] },
      [null, [null]],
      [1],
    ],
    ['a value that looks like a reference', { const: { $ref: '#/a' } }, { $ref: '#/a' }, { $ref: '#/b' }],
    ['no type', { minProperties: 1, required: ['a'] }, { a: 1 }, {}],
  ];
  it.each(cases)('of %s is one field of an object', (_name, schema, good, bad) => {
    const form = toAgentForm(schema);
    expect(form).toMatchObject({ type: 'object', required: ['value'] });
    expect(fits(schema, good)).toBe(true);
    expect(fits(form, { value: good })).toBe(true);
    expect(fits(form, { value: bad })).toBe(false);
    expect(fits(form, {})).toBe(false);
    expect(fromAgentForm(schema, { value: good })).toEqual(good);
  });

  it('of a later draft is what the agent’s program knows of it', () => {
    const schema = {
      type: 'object',
      properties: {
        prefixItems: { type: 'array', prefixItems: [{ type: 'number' }], minContains: 1, 'x-note': 'a' },
        when: { type: 'string', format: 'date', if: { maxLength: 3 } },
        kind: { type: 'string', format: 'of-our-own' },
      },
      dependentRequired: { when: ['kind'] },
      unevaluatedProperties: false,
    };
    expect(toAgentForm(schema)).toEqual({
      type: 'object',
      properties: {
        prefixItems: { type: 'array' },
        when: { type: 'string', format: 'date' },
        kind: { type: 'string' },
      },
    });
    expect(outputSchemaProblems(schema, '/steps/0/outputSchema')).toEqual([]);
  });

  it('is refused where the agent’s program has no way to it', () => {
    const anchored = { type: 'array', items: { $ref: '#t' }, $defs: { t: { $anchor: 't', type: 'null' } } };
    expect(outputSchemaProblems(anchored, '/steps/0/outputSchema')).toEqual([
      { field: '/steps/0/outputSchema', message: expect.stringContaining("can't resolve reference #t") },
    ]);
    expect(outputSchemaProblems({ type: 'list' }, '/x')).toHaveLength(1);
  });

  it('of what is no object, from a program that did not keep to it, is none', () => {
    expect(fromAgentForm({ type: 'array' }, null)).toBeUndefined();
    expect(fits(toAgentForm(tree), { kids: [{ kids: [] }] })).toBe(true);
  });
});
