import { expect, it } from 'vitest';
import { differencesOf } from './differences.ts';

it('names every place that is other, as it was and as it is', () => {
  const before = { a: 1, same: { deep: [1, 2] }, gone: 'x', list: [1, 2], inner: { 'a/b': null } };
  const after = { a: 2, same: { deep: [1, 2] }, list: [0, 1, 2], inner: { 'a/b': {} }, added: true };
  expect(differencesOf(before, after)).toEqual([
    { field: '/a', before: 1, after: 2 },
    { field: '/gone', before: 'x' },
    { field: '/list', before: [1, 2], after: [0, 1, 2] },
    { field: '/inner/a~1b', before: null, after: {} },
    { field: '/added', after: true },
  ]);
  expect(differencesOf(before, structuredClone(before))).toEqual([]);
});

it('takes no inherited name for a place', () => {
  expect(differencesOf({}, JSON.parse('{"toString": 1, "__proto__": 2}'))).toEqual([
    { field: '/toString', after: 1 },
    { field: '/__proto__', after: 2 },
  ]);
});
