import { expect, it } from 'vitest';
import { signedForm } from './row-guard.ts';

const old = { id: ['id'], columns: ['name'] };
const grown = { id: ['id'], columns: ['name', 'added'], later: ['added'] };

it('signs a row from before a column as it was signed then', () => {
  const row = { id: 1, name: 'a' };
  expect(signedForm(grown, { ...row, added: null })).toEqual(signedForm(old, row));
});

it('misses a later column neither where it says something nor where it was emptied', () => {
  const [empty, full] = [null, 'x'].map((added) => signedForm(grown, { id: 1, name: 'a', added }));
  expect(full).toEqual([[1], { name: 'a', added: 'x' }]);
  expect(full).not.toEqual(empty);
});

it('is over a column that was there from the beginning whatever it says', () => {
  expect(signedForm(old, { id: 1, name: null })).toEqual([[1], { name: null }]);
});
