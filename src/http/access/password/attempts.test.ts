import { describe, expect, it } from 'vitest';
import { Attempts } from './attempts.ts';

const day = 24 * 3_600_000;

/** How many are let through, of tries every second from `from` on. */
function guesses(attempts: Attempts, browser: string | undefined, from: number, for_ = day): number {
  let count = 0;
  for (let now = from; now < from + for_; now += 1000) if (attempts.begin(browser, now) === 0) count += 1;
  return count;
}

describe('guessing a password', () => {
  it('is a hundred guesses a day for all strangers together', () => {
    const attempts = new Attempts();
    const inADay = guesses(attempts, undefined, 0);
    expect(inADay).toBeLessThan(115);
    expect(guesses(attempts, undefined, day)).toBeLessThan(100);
  });

  it('slows down no browser that is known, nor another one that is', () => {
    const attempts = new Attempts();
    guesses(attempts, undefined, 0);
    expect(attempts.begin(undefined, day)).toBeGreaterThan(0);
    for (let count = 0; count < 5; count++) expect(attempts.begin('mine', day)).toBe(0);
    expect(attempts.begin('mine', day)).toBeGreaterThan(0);
    expect(attempts.begin('my other one', day)).toBe(0);
  });

  it('counts those that are made at once before any is looked at', () => {
    const attempts = new Attempts();
    const waits = Array.from({ length: 50 }, () => attempts.begin(undefined, 1000));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
  });

  it('begins anew after a right one, and after an hour without any', () => {
    const attempts = new Attempts();
    for (let count = 0; count < 5; count++) attempts.begin('mine', 0);
    expect(attempts.begin('mine', 500)).toBe(500);
    attempts.right('mine');
    expect(attempts.begin('mine', 500)).toBe(0);
    for (let count = 0; count < 5; count++) attempts.begin(undefined, 0);
    expect(attempts.begin(undefined, 3_601_000)).toBe(0);
    for (let count = 0; count < 4; count++) expect(attempts.begin(undefined, 3_601_000)).toBe(0);
  });
});
