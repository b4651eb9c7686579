import { expect, test } from 'vitest';
import { repeat } from './repeat.ts';

/** So long that no test sees its end. */
const never = 2 ** 30;

test('goes on after trouble, and says what is news', async () => {
  const outcomes = ['bad', 'bad', 'good', 'bad'];
  const heard: boolean[] = [];
  const over = Promise.withResolvers<void>();
  const one = repeat(
    async () => {
      const outcome = outcomes.shift();
      if (outcome === undefined) over.resolve();
      if (outcome === 'bad') throw new Error(outcome);
    },
    { everyMs: 0, onTrouble: (_error, isNews) => heard.push(isNews) },
  );
  one.start();
  one.start();
  await over.promise;
  await one.stop();
  expect(heard).toEqual([true, false, true]);
});

test('comes soon when it is told to, also while it is under way', async () => {
  const third = Promise.withResolvers<void>();
  let times = 0;
  const one = repeat(
    async () => {
      times++;
      if (times === 2) one.soon();
      if (times === 3) third.resolve();
    },
    { everyMs: never, onTrouble: () => {} },
  );
  one.start();
  one.soon();
  await third.promise;
  await one.stop();
  expect(times).toBe(3);
});

test('waits for what is under way when it is stopped, and begins nothing more', async () => {
  const under = Promise.withResolvers<void>();
  const way = Promise.withResolvers<void>();
  const ended: number[] = [];
  const one = repeat(
    async () => {
      under.resolve();
      await way.promise;
      ended.push(ended.length + 1);
    },
    { everyMs: 0, onTrouble: () => {} },
  );
  one.start();
  await under.promise;
  const stopped = one.stop();
  expect(one.signal.aborted).toBe(true);
  way.resolve();
  await stopped;
  expect(ended).toEqual([1]);
});

test('stopped in its first pause, or before it was started, it has done nothing', async () => {
  let times = 0;
  const work = async () => ++times;
  const one = repeat(work, { everyMs: never, pausesFirst: true, onTrouble: () => {} });
  one.start();
  await one.stop();
  await repeat(work, { everyMs: 0, onTrouble: () => {} }).stop();
  expect(times).toBe(0);
});
