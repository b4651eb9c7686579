import { describe, expect, it } from 'vitest';
import { forecastOf } from './forecast.ts';

const month = {
  ...{ capUsd: 30, spentUsd: 10, heldUsd: 0, lostUsd: 0 },
  ...{ from: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' },
};
const now = new Date('2026-11-21T00:00:00.000Z');

describe('what a month comes to', () => {
  it('goes on as in the last week, and says when the cap is used up then', () => {
    const recent = { usd: 21, since: new Date('2026-11-14T00:00:00.000Z') };
    expect(forecastOf(month, recent, now)).toEqual({
      perDayUsd: 3,
      monthUsd: 40,
      capReachedAt: '2026-11-27T16:00:00.000Z',
    });
  });

  it('goes by what there is where less than a week was seen, and by no less than a day', () => {
    const days = { usd: 4, since: new Date('2026-11-19T00:00:00.000Z') };
    expect(forecastOf(month, days, now)).toMatchObject({ perDayUsd: 2, monthUsd: 30, capReachedAt: null });
    const hour = { usd: 1, since: new Date('2026-11-20T23:00:00.000Z') };
    expect(forecastOf(month, hour, now)).toMatchObject({ perDayUsd: 1, monthUsd: 20 });
  });

  it('knows a cap that is used up, one that is never reached, and none', () => {
    const nothing = { usd: 0, since: null };
    expect(forecastOf({ ...month, spentUsd: 30 }, nothing, now).capReachedAt).toBe(now.toISOString());
    expect(forecastOf(month, nothing, now)).toEqual({ perDayUsd: 0, monthUsd: 10, capReachedAt: null });
    expect(forecastOf({ ...month, capUsd: null }, { usd: 700, since: null }, now).capReachedAt).toBeNull();
  });
});
