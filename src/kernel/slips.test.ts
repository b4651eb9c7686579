import { expect, it } from 'vitest';
import { slips } from './slips.ts';

it.each([
  ['', '', 0],
  ['greet', 'greet', 0],
  ['greet', 'greeet', 1],
  ['greet', 'gret', 1],
  ['greet', 'great', 1],
  ['word', 'wrod', 2],
  ['', 'three', 5],
])('counts what lies between %j and %j', (one, other, count) => {
  expect(slips(one, other)).toBe(count);
  expect(slips(other, one)).toBe(count);
});
