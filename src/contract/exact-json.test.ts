import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsRounded, isLongInteger, parseExactJson } from './exact-json.ts';

describe('parseExactJson', () => {
  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['9007199254740993', '9007199254740993'],
    ['-1234567890123456789', '-1234567890123456789'],
    ['{"a":[1234567890123456789,1]}', { a: ['1234567890123456789', 1] }],
    ['0.1', 0.1],
    ['12.50', 12.5],
    ['0.30000000000000004', 0.30000000000000004],
    ['3.14159265358979323846', '3.14159265358979323846'],
    ['1e3', 1000],
    ['1E+21', 1e21],
    ['100000000000000000000e-10', 10000000000],
    ['-0.0', -0],
    ['"1234567890123456789"', '1234567890123456789'],
  ])('reads %s', (text, value) => expect(parseExactJson(text)).toEqual(value));

  it('reads everything that JavaScript writes as JavaScript does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseExactJson(text)).replaceAll('"', '')).toBe(text.replaceAll('"', ''));
      }),
    );
  });

  it('keeps every integer, however long', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), (value) => {
        expect(String((parseExactJson(`{"n":${value}}`) as { n: unknown }).n)).toBe(String(value));
      }),
    );
  });
});

describe('what was rounded', () => {
  it('is found anywhere, and nothing else is', () => {
    expect(holdsRounded({ a: [1, { b: 2 ** 60 }] })).toBe(true);
    expect(holdsRounded({ a: [1, null, 1.5, 1e300, '9007199254740993', 2 ** 53 - 1] })).toBe(false);
    expect(isLongInteger('9007199254740993')).toBe(true);
    expect(isLongInteger('0001')).toBe(false);
    expect(isLongInteger('9007199254740991')).toBe(false);
  });
});
