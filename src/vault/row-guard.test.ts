import { expect, it } from 'vitest';
import { CanonicalJson, canonicalJson } from '../kernel/hash.ts';
import { RowGuard, signedForm } from './row-guard.ts';

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

it('is the same over a column as data and over its canonical JSON', () => {
  const guard = new RowGuard({ vaultId: 'v', rowKeys: [Buffer.alloc(32, 1)] });
  const row = { executionId: 'e', stepId: 1, output: { b: 'ü – 日本', a: [1] } };
  const output = new CanonicalJson(Buffer.from(canonicalJson(row.output)));
  const mac = guard.sign('execution_steps', { ...row, output });
  expect(mac).toEqual(guard.sign('execution_steps', row as never));
  expect(guard.isIntact('execution_steps', { ...row, mac } as never)).toBe(true);
  expect(guard.isIntact('execution_steps', { ...row, stepId: 2, mac } as never)).toBe(false);
});
