import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changesBetween } from './changes-between.ts';

const told = (before: string, after: string) =>
  changesBetween([...before], [...after])
    .map(({ side, item }) => `${{ same: '', removed: '-', added: '+' }[side]}${item}`)
    .join(' ');

it('goes along what is common, removed before added', () => {
  expect(told('abc', 'abc')).toBe('a b c');
  expect(told('abc', 'axc')).toBe('a -b +x c');
  expect(told('', 'ab')).toBe('+a +b');
  expect(told('abcd', 'bd')).toBe('-a b -c d');
  expect(told('ab', 'xyz')).toBe('-a -b +x +y +z');
});

it('gives both lists back, in their order', () => {
  const list = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(list, list, (before, after) => {
      const changes = changesBetween(before, after);
      const without = (side: string) => changes.filter((one) => one.side !== side).map(({ item }) => item);
      expect(without('added')).toEqual(before);
      expect(without('removed')).toEqual(after);
    }),
  );
});
