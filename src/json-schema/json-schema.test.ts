/** Schemas that people write are compiled once, and no value can keep the VM busy with them. */
import { describe, expect, it, vi } from 'vitest';
import { compileSchema, misfits, schemaProblems } from './json-schema.ts';

/** Each with a value that takes for ever: longer than the age of the universe, or at least minutes. */
const hostile: [string, Record<string, unknown>, unknown][] = [
  ['a pattern with nested repeats', { pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`],
  ['one with overlapping choices', { pattern: '^(?:\\w|\\d)+$' }, `${'1'.repeat(60)}!`],
  ['one of names', { patternProperties: { '^(a|aa)+$': {} } }, { [`${'a'.repeat(90)}!`]: 1 }],
  [
    'references that double',
    {
      $defs: {
        d0: { type: 'string' },
        ...Object.fromEntries(
          Array.from({ length: 40 }, (_, n) => [
            `d${n + 1}`,
            { anyOf: [{ $ref: `#/$defs/d${n}` }, { $ref: `#/$defs/d${n}` }] },
          ]),
        ),
      },
      $ref: '#/$defs/d40',
    },
    1,
  ],
  [
    'unlike items, fifty thousand of them',
    { uniqueItems: true },
    Array.from({ length: 50_000 }, (_, n) => ({ n })),
  ],
];

describe('a check', () => {
  it.each(hostile)('is given up in time: %s', (what, schema, value) => {
    // A schema of this test's own, as one that was given up rests.
    const check = compileSchema({ title: what, ...schema });
    expect(misfits(check, value, '/input')).toEqual([
      { field: '/input', message: 'takes longer than 250 ms to check' },
    ]);
    expect(() => misfits(check, 'a')).toThrowError(/took too long/);
  });

  it('is made again when its schema has rested, and meanwhile others are made', () => {
    const check = compileSchema({ title: 'rests', pattern: '^(a+)+$' });
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      expect(misfits(check, `${'a'.repeat(60)}!`)).toHaveLength(1);
      expect(() => misfits(check, 'aaa')).toThrowError(/Try again|took too long/);
      expect(misfits(compileSchema({ pattern: '^b$' }), 'b')).toEqual([]);
      vi.advanceTimersByTime(10_001);
      expect(misfits(check, 'aaa')).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('still says what is wrong under a bound', () => {
    const check = compileSchema({
      type: 'object',
      properties: { a: { type: 'string', pattern: '^x' }, b: { format: 'date' } },
      required: ['a', 'c'],
    });
    expect(
      misfits(check, { a: 'y', b: 'soon' }, '/input')
        .map(({ field }) => field)
        .sort(),
    ).toEqual(['/input/a', '/input/b', '/input/c']);
  });
});

describe('a schema', () => {
  it.each([
    ['that refers to itself without end', { $ref: '#' }],
    ['with a pattern that is none', { pattern: '(' }],
    ['that takes too long even for nothing', hostile[3]?.[1] ?? {}],
    ['that refers outside', { $ref: 'https://example.com/x' }],
  ])('%s is refused when it is saved', (_what, schema) => {
    expect(schemaProblems(schema, '/inputSchema')).toMatchObject([{ field: '/inputSchema' }]);
  });
});
