import { expect, it } from 'vitest';
import { callWithin, tooLong } from './call-within.ts';

/** As where others have the processor: time goes by, and nothing is worked. */
const doze = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);

it('gives what was worked out, and throws what was thrown', () => {
  expect(callWithin(10_000, () => 7)).toBe(7);
  expect(() =>
    callWithin(10_000, () => {
      throw new RangeError('no end');
    }),
  ).toThrow('no end');
});

it('gives up what works on and on', () => {
  expect(
    callWithin(20, () => {
      for (;;);
    }),
  ).toBe(tooLong);
});

it('calls again what had no chance to work, though not for ever', () => {
  let calls = 0;
  const work = () => {
    calls++;
    if (calls < 3) doze();
    return calls;
  };
  expect(callWithin(50, work)).toBe(3);
  expect(callWithin(20, doze)).toBe(tooLong);
});
