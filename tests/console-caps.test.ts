/** To what the console offers to raise a cap that a run met. Pure functions, by the very words of the VM. */
import { expect, it } from 'vitest';
import { metCapOf, raisedFrom } from '../console/skills/met-cap.ts';
import type { Budget, Spend } from '../src/contract/budget.ts';
import type { Cap } from '../src/money/spend/caps.ts';
import { capReached } from '../src/money/spend/shortage.ts';

it.each([
  [0.5, 0, 1],
  [0.3, 0, 0.6],
  [0.75, 0, 1.5],
  [1, 0, 2],
  [5, 0, 10],
  [7, 0, 15],
  [12.5, 0, 25],
  // Twice as much would not do.
  [0.05, 0.3, 0.5],
  [0, 0.3, 0.5],
  [0, 0, 1],
])('a cap of $%d, of which the next call needs $%d: $%d', (capUsd, needed, toUsd) => {
  expect(raisedFrom(capUsd, needed)).toBe(toUsd);
});

const spend = (capUsd: number | null, spentUsd = 0): Spend => ({
  ...{ capUsd, spentUsd, heldUsd: 0, lostUsd: 0 },
  ...{ from: '2026-11-30T00:00:00Z', until: '2026-12-01T00:00:00Z' },
});
const budget = (other: Partial<Budget>): Budget => ({
  timezone: 'UTC',
  run: { capUsd: null },
  day: spend(null),
  month: spend(null),
  forecast: { perDayUsd: 0, monthUsd: 0, capReachedAt: null },
  skills: [],
  ...other,
});
const bills = { slug: 'bills', maxCostUsd: null, maxCostPerDayUsd: null, maxCostPerMonthUsd: null };

/** As a run ends that such a cap stops. */
function stoppedBy(cap: Partial<Cap>, spentUsd: number, leastUsd?: number) {
  const whole: Cap = {
    ...{ kind: 'run', period: undefined, capUsd: 0.5, window: undefined, scope: undefined, setting: '' },
    ...cap,
  };
  const spent = { spentUsd, heldUsd: 0, lostUsd: 0 };
  const { code, message } = capReached(whole, spent, leastUsd, { timezone: 'UTC', skill: 'bills' });
  return { errorCode: code, error: message };
}

it('raises the cap of a run so that the next call fits', () => {
  const skill = { ...bills, maxCostUsd: 0.5 };
  expect(metCapOf(stoppedBy({}, 0.47, 0.04), skill, budget({}))).toEqual({
    ...{ field: 'maxCostUsd', capUsd: 0.5, toUsd: 1 },
  });
  expect(metCapOf(stoppedBy({}, 0.4, 3), skill, budget({}))?.toUsd).toBe(6);
  expect(metCapOf(stoppedBy({}, 0.5), skill, budget({}))?.toUsd).toBe(1);
});

it('takes the cap of the settings where the skill has none, and nothing where that is gone', () => {
  const run = stoppedBy({}, 0.47, 0.04);
  expect(metCapOf(run, bills, budget({ run: { capUsd: 0.5 } }))).toMatchObject({ capUsd: 0.5, toUsd: 1 });
  expect(metCapOf(run, bills, budget({}))).toBeUndefined();
});

it('offers nothing where it was raised since, or where no cap ended it', () => {
  expect(metCapOf(stoppedBy({}, 0.47, 0.04), { ...bills, maxCostUsd: 1 }, budget({}))).toBeUndefined();
  const failed = { errorCode: 'E_RUN_TIMEOUT', error: 'It took too long.' };
  expect(metCapOf(failed, { ...bills, maxCostUsd: 1 }, budget({}))).toBeUndefined();
});

it('finds which cap of the skill is full, by what is spent now', () => {
  const run = stoppedBy({ kind: 'skill', period: 'month', capUsd: 5 }, 4.99, 0.04);
  const of = (day: Spend, month: Spend) =>
    metCapOf(run, bills, budget({ skills: [{ slug: 'bills', day, month }] }));
  expect(of(spend(1, 0.2), spend(5, 4.99))).toMatchObject({ field: 'maxCostPerMonthUsd', toUsd: 10 });
  expect(of(spend(1, 0.99), spend(5, 1))).toMatchObject({ field: 'maxCostPerDayUsd', toUsd: 2 });
  expect(of(spend(1, 0.2), spend(10, 4.99))).toBeUndefined();
});

it('finds the cap on everything, until its day is over', () => {
  const run = stoppedBy({ kind: 'vm', period: 'day', capUsd: 2 }, 1.98, 0.04);
  expect(metCapOf(run, bills, budget({ day: spend(2, 1.98) }))).toEqual({
    ...{ key: 'max_cost_per_day_usd', capUsd: 2, toUsd: 4 },
  });
  expect(metCapOf(run, bills, budget({ day: spend(2, 0) }))).toBeUndefined();
});
