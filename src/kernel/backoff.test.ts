import { expect, test } from 'vitest';
import { doubled, pauseAfter } from './backoff.ts';

const backoff = { baseMs: 100, capMs: 1000 };

test('doubles up to the longest pause, however often it failed', () => {
  expect([1, 2, 3, 4, 5, 10_000].map((failures) => doubled(failures, backoff))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
});

test('is spread between half of it and all of it', () => {
  expect([0, 0.5, 1].map((random) => pauseAfter(3, backoff, random))).toEqual([200, 300, 400]);
});
