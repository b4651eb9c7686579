import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatherFacts } from './facts.ts';
import { Sampler } from './sample.ts';
import { type Schema, SchemaChecks } from './schema.ts';

const checks = new SchemaChecks();
const noFacts = gatherFacts({}, []);

const sampleOf = (schema: Schema, input: Record<string, unknown> = {}, toolName = 'tool', facts = noFacts) =>
  new Sampler(schema, { input, facts, toolName }, checks).sample();

const object = (properties: Record<string, unknown>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
});

describe('arguments', () => {
  it.each<[string, Schema, unknown]>([
    ['nothing required', object({ a: { type: 'string' } }, []), {}],
    ['no schema at all', { type: 'object' }, {}],
    ['a default', object({ a: { type: 'integer', default: 7 } }), { a: 7 }],
    ['a constant', object({ a: { const: 'x' } }), { a: 'x' }],
    ['a choice', object({ a: { type: 'string', enum: ['b', 'c'] } }), { a: 'b' }],
    ['an example', object({ a: { type: 'string', examples: ['e'] } }), { a: 'e' }],
    ['a bad default', object({ a: { type: 'integer', default: 'x', minimum: 3 } }), { a: 3 }],
    ['bounds', object({ a: { type: 'integer', exclusiveMinimum: 5, multipleOf: 4 } }), { a: 8 }],
    ['fractions', object({ a: { type: 'number', exclusiveMinimum: 0, maximum: 0.5 } }), { a: 0.5 }],
    ['lengths', object({ a: { type: 'string', minLength: 12 } }), { a: 'rehearsalreh' }],
    ['short lengths', object({ a: { type: 'string', maxLength: 3 } }), { a: 'reh' }],
    ['a pattern', object({ a: { type: 'string', pattern: '^[A-Z]{2}\\d$' } }), { a: 'AA0' }],
    [
      'a format',
      object({ a: { type: 'string', format: 'uuid' } }),
      { a: '00000000-0000-4000-8000-000000000000' },
    ],
    [
      'a list',
      object({ a: { type: 'array', items: { enum: ['x', 'y'] }, minItems: 2, uniqueItems: true } }),
      { a: ['x', 'y'] },
    ],
    ['a nullable', object({ a: { type: ['null', 'integer'] } }), { a: 1 }],
    ['branches', object({ a: { anyOf: [{ type: 'null' }, { type: 'string', const: 'b' }] } }), { a: 'b' }],
    [
      'alternatives of required fields',
      {
        ...object({ a: { const: 1 }, b: { const: 2 } }, []),
        anyOf: [{ required: ['b'] }, { required: ['a'] }],
      },
      { b: 2 },
    ],
    ['parts', { allOf: [object({ a: { const: 1 } }), object({ b: { const: 2 } })] }, { a: 1, b: 2 }],
    [
      'references',
      {
        ...object({ a: { $ref: '#/$defs/a' } }),
        $defs: { a: object({ b: { $ref: '#/$defs/b' } }), b: { const: 3 } },
      },
      { a: { b: 3 } },
    ],
    [
      'references into a part',
      { ...object({ a: { const: 1 }, b: { $ref: '#/properties/a' } }) },
      { a: 1, b: 1 },
    ],
    [
      'draft 7',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        definitions: { d: { const: 4 } },
        ...object({ a: { $ref: '#/definitions/d' } }),
      },
      { a: 4 },
    ],
    [
      'a condition',
      {
        ...object({ kind: { const: 'k' } }),
        if: { required: ['kind'] },
        // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
        then: object({ more: { const: 'm' } }),
      },
      { kind: 'k', more: 'm' },
    ],
    [
      'a least number of fields',
      { type: 'object', properties: { a: { const: 1 }, b: { const: 2 } }, minProperties: 1 },
      { a: 1 },
    ],
  ])('%s', (_name, schema, expected) => {
    expect(sampleOf(schema)?.value).toEqual(expected);
  });

  it('come from the run’s input where names match, whatever their spelling and depth', () => {
    const schema = object(
      {
        issue_number: { type: 'integer' },
        Query: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' } },
        limit: { type: 'integer' },
      },
      ['issue_number', 'Query', 'tags'],
    );
    const input = { issue: { number: '12' }, query: 'cold rooms', tags: 'heating', limit: 3 };
    expect(sampleOf(schema, input)).toEqual({
      value: { issue_number: 12, Query: 'cold rooms', tags: ['heating'], limit: 3 },
      isMadeUp: false,
    });
  });

  it('leave out an optional one that the input has in a form which does not fit', () => {
    const schema = object({ a: { const: 1 }, limit: { type: 'integer', maximum: 10 } }, ['a']);
    expect(sampleOf(schema, { limit: 50 })?.value).toEqual({ a: 1 });
  });

  it('say when nothing stands behind them', () => {
    expect(sampleOf(object({ q: { type: 'string' } }))).toEqual({
      value: { q: 'rehearsal' },
      isMadeUp: true,
    });
  });

  it('come from what tools said: paths, and values by name', () => {
    const facts = gatherFacts({}, [
      call('list_allowed_directories', {}, 'Allowed directories:\n/srv/house.d'),
      call('list_directory', { path: '/srv/house.d' }, '[DIR] rooms\n[FILE] notes.md\n[FILE] plan.txt'),
      call('list_issues', {}, JSON.stringify({ issues: [{ id: 'I-7', title: 'Leak' }] })),
    ]);
    const of = (tool: string, properties: Record<string, unknown>) =>
      sampleOf(object(properties), {}, tool, facts);
    expect(of('list_directory', { path: { type: 'string' } })?.value).toEqual({ path: '/srv/house.d' });
    expect(of('read_text_file', { path: { type: 'string' } })?.value).toEqual({
      path: '/srv/house.d/notes.md',
    });
    expect(of('read_multiple_files', { paths: { type: 'array', items: { type: 'string' } } })?.value).toEqual(
      {
        paths: ['/srv/house.d/notes.md'],
      },
    );
    expect(of('get_issue', { issue_id: { type: 'string' } })).toEqual({
      value: { issue_id: 'I-7' },
      isMadeUp: false,
    });
  });

  it.each<[string, Schema]>([
    ['cannot be met', object({ a: { type: 'string', minLength: 5, maxLength: 2 } })],
    ['want too much', object({ a: { type: 'string', minLength: 1_000_000 } })],
    ['have a pattern beyond us', object({ a: { type: 'string', pattern: '(?=x)y' } })],
    ['have no end', { ...object({ a: { $ref: '#' } }) }],
    ['are no schemas', object({ a: { type: 'nonsense' } })],
    ['branch without end', manyBranches()],
  ])('are none for schemas that %s', (_name, schema) => {
    expect(sampleOf(schema)).toBeUndefined();
  });
});

/** Eight ways at each of eight depths, none of which can be. */
function manyBranches(): Schema {
  const node = (depth: number): Schema =>
    depth === 0
      ? { const: 1, type: 'string' }
      : object({ a: { anyOf: Array.from({ length: 8 }, () => node(0)), not: {} }, b: node(depth - 1) });
  return node(7);
}

function call(name: string, input: Record<string, unknown>, text: string) {
  return { id: name, name, input, result: { text, other: [], isError: false } };
}

const leaf = fc.oneof(
  fc.record(
    { type: fc.constant('string'), minLength: fc.nat(20), maxLength: fc.nat(40) },
    { requiredKeys: ['type'] },
  ),
  fc.record({
    type: fc.constant('string'),
    format: fc.constantFrom('date', 'email', 'uri', 'ipv4', 'uuid', 'date-time', 'hostname'),
  }),
  fc.record(
    {
      type: fc.constantFrom('integer', 'number'),
      minimum: fc.integer({ min: -50, max: 50 }),
      maximum: fc.integer({ min: -50, max: 200 }),
      multipleOf: fc.integer({ min: 1, max: 7 }),
    },
    { requiredKeys: ['type'] },
  ),
  fc.record({ enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: fc.constantFrom('boolean', 'null') }),
);
const { schema: anySchema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record(
      { type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) },
      { requiredKeys: ['type', 'items'] },
    ),
    fc
      .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('schema'), { maxKeys: 4 })
      .map((properties) => object(properties)),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

describe('whatever the schema', () => {
  it('arguments fit it, or there are none; and they are the same every time', () => {
    let made = 0;
    fc.assert(
      fc.property(
        anySchema,
        fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue()),
        (schema, input) => {
          const sample = sampleOf(schema, input);
          if (!sample) return;
          made += 1;
          expect(checks.of(schema)?.(sample.value)).toBe(true);
          expect(sampleOf(schema, input)).toEqual(sample);
        },
      ),
      { numRuns: 300 },
    );
    expect(made).toBeGreaterThan(200);
  });
});
