import { expect, it } from 'vitest';
import { realArguments, showArguments } from './shown-arguments.ts';

it('leaves a schema alone whose names may all be shown', () => {
  const schema = { type: 'object', properties: { 'a.b-c_1': {}, deep: { properties: { $x: {} } } } };
  expect(showArguments(schema)).toEqual({ inputSchema: schema, realNames: new Map() });
  expect(showArguments(schema).inputSchema).toBe(schema);
});

it('renames an argument wherever the schema speaks of it, and nothing within an argument', () => {
  const within = { type: 'object', properties: { $a: {} }, required: ['$a'] };
  const { inputSchema, realNames } = showArguments({
    type: 'object',
    properties: { $a: within, _a: {}, __proto: {} },
    required: ['$a', '$b'],
    anyOf: [{ required: ['$a'] }, { properties: { 'c d': {} }, not: { required: ['$b'] } }],
    dependentRequired: { $a: ['$b'] },
    dependentSchemas: { $b: { required: ['$a'] } },
    additionalProperties: false,
    description: '$a',
  });
  expect(inputSchema).toEqual({
    type: 'object',
    properties: { _a_argument: within, _a: {}, __proto: {} },
    required: ['_a_argument', '_b'],
    anyOf: [{ required: ['_a_argument'] }, { properties: { c_d: {} }, not: { required: ['_b'] } }],
    dependentRequired: { _a_argument: ['_b'] },
    dependentSchemas: { _b: { required: ['_a_argument'] } },
    additionalProperties: false,
    description: '$a',
  });
  expect(realArguments({ realNames }, { _a: 1, _a_argument: { $a: 2 }, c_d: 3, new: 4 })).toEqual({
    _a: 1,
    $a: { $a: 2 },
    'c d': 3,
    new: 4,
  });
});

it('tells apart names that become one, empty ones, and the one that JavaScript minds', () => {
  const properties = JSON.parse('{"x[]":{},"x{}":{},"x":{},"":{},"__proto__":{},"é":{}}');
  const { inputSchema, realNames } = showArguments({ properties });
  const shown = Object.keys(inputSchema.properties ?? {});
  expect(new Set(shown).size).toBe(6);
  for (const name of shown) expect(name).toMatch(/^(?!__proto__$)[A-Za-z0-9_.-]{1,64}$/);
  const given = Object.fromEntries(shown.map((name) => [name, 1]));
  expect(Object.keys(realArguments({ realNames }, given)).sort()).toEqual(Object.keys(properties).sort());
});
