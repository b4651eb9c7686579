import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { storableJson, storableText } from './storable.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const store = async (value: unknown): Promise<unknown> => {
  const { rows } = await db.pool.query('SELECT $1::jsonb AS value', [JSON.stringify(value)]);
  return rows[0]?.value;
};

describe('storableText', () => {
  test('replaces NUL and lone surrogates, and nothing else', () => {
    expect(storableText('a\0b\uD800c😀\u2028\uDC00')).toBe('a\uFFFDb\uFFFDc😀\u2028\uFFFD');
  });

  test('makes any text one that PostgreSQL gives back unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const { rows } = await db.pool.query('SELECT $1::text AS text', [storableText(text)]);
        expect(rows[0]?.text).toBe(storableText(text));
      }),
      { numRuns: 200 },
    );
  });
});

describe('storableJson', () => {
  test('makes any JSON value one that PostgreSQL takes and gives back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (value) => {
        // -0 is the one number that JSON text does not keep.
        expect(await store(storableJson(value))).toEqual(JSON.parse(JSON.stringify(storableJson(value))));
      }),
      { numRuns: 200 },
    );
  });

  test('keeps keys apart from the prototype, and replaces in keys too', () => {
    const value = JSON.parse('{"__proto__": {"a\\u0000": "\\ud800"}}');
    expect(JSON.stringify(storableJson(value))).toBe('{"__proto__":{"a\uFFFD":"\uFFFD"}}');
  });

  test('takes what JSON has no form for', () => {
    const value = {
      big: 2n ** 64n,
      date: new Date(0),
      gone: undefined,
      nan: Number.NaN,
      list: [undefined, () => 1],
    };
    expect(storableJson<unknown>(value)).toEqual({
      big: '18446744073709551616',
      date: '1970-01-01T00:00:00.000Z',
      nan: null,
      list: [null, null],
    });
    expect(storableJson(undefined)).toBeNull();
  });

  test('ends a nesting that neither we nor PostgreSQL could follow', async () => {
    const deep = JSON.parse('['.repeat(5000) + ']'.repeat(5000));
    const stored = JSON.stringify(await store(storableJson(deep)));
    expect(stored).toContain('nested more than');
  });
});
