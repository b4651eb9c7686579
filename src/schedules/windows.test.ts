import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statsQuerySchema } from '../contract/stats.ts';
import { daysOfMonth, sayTime, windowOf } from './windows.ts';

const bounds = (period: 'day' | 'month', zone: string, at: string) => {
  const { from, until } = windowOf(period, zone, new Date(at));
  return [from.toISOString(), until.toISOString()];
};

describe('a day', () => {
  it.each([
    ['UTC', '2026-11-23T03:00:00Z', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    // The very beginning belongs to it, the very end to the next.
    ['UTC', '2026-11-23T00:00:00Z', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    ['UTC', '2026-11-23T23:59:59.999Z', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    ['Asia/Kathmandu', '2026-11-23T18:20:00Z', '2026-11-23T18:15:00.000Z', '2026-11-24T18:15:00.000Z'],
    // 23 and 25 hours.
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    // A midnight that is skipped.
    ['Africa/Cairo', '2026-04-24T12:00:00Z', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
    // A midnight that comes twice: the hour between them is in the day.
    ['America/Havana', '2026-11-01T04:30:00Z', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['America/Havana', '2026-11-01T05:30:00Z', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
  ])('in %s at %s', (zone, at, from, until) => {
    expect(bounds('day', zone, at)).toEqual([from, until]);
  });
});

describe('a month', () => {
  it.each([
    ['UTC', '2028-02-29T23:59:59Z', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
    ['UTC', '2026-12-31T23:59:59Z', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    // Still the 31st in Honolulu, with the 1st in UTC.
    ['Pacific/Honolulu', '2026-11-01T09:00:00Z', '2026-10-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z'],
    // Begins in summer time and ends in winter time.
    ['Europe/Berlin', '2026-10-31T12:00:00Z', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
    ['America/Havana', '2026-11-01T04:30:00Z', '2026-11-01T04:00:00.000Z', '2026-12-01T05:00:00.000Z'],
  ])('in %s at %s', (zone, at, from, until) => {
    expect(bounds('month', zone, at)).toEqual([from, until]);
  });
});

it('in every zone days and months follow one another without gap, on quarters of an hour', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
      fc.date({ min: new Date('2026-01-01'), max: new Date('2036-01-01'), noInvalidDate: true }),
      fc.constantFrom('day', 'month'),
      (zone, at, period) => {
        const { from, until } = windowOf(period, zone, at);
        expect(from.getTime()).toBeLessThanOrEqual(at.getTime());
        expect(until.getTime()).toBeGreaterThan(at.getTime());
        expect(windowOf(period, zone, from)).toEqual({ from, until });
        expect(windowOf(period, zone, until).from).toEqual(until);
        expect(windowOf(period, zone, new Date(until.getTime() - 1)).from).toEqual(from);
        // spend_totals counts in these.
        expect(from.getTime() % 900_000).toBe(0);
      },
    ),
    { numRuns: 500 },
  );
});

it('says a moment in the words of its zone', () => {
  expect(sayTime(new Date('2026-11-23T23:00:00Z'), 'Europe/Berlin')).toBe(
    '24 Nov 2026, 00:00 (Europe/Berlin)',
  );
});

describe('the days of a month that may be asked about', () => {
  const taken = (month: string) => statsQuerySchema.safeParse({ month }).success;

  it.each(['UTC', 'Pacific/Apia', 'Pacific/Kiritimati', 'America/St_Johns'])('are there in %s', (zone) => {
    const late = new Date('2200-01-01T00:00:00Z');
    for (const [month, days] of [
      ['2000-01', 31],
      ['2024-02', 29],
      ['2099-12', 31],
    ] as const) {
      expect(taken(month)).toBe(true);
      expect(daysOfMonth(zone, month, late)).toHaveLength(days);
    }
  });

  it('are those of this century alone', () => {
    expect(['0000-01', '1999-12', '2100-01', '9999-12', '2026-13'].filter(taken)).toEqual([]);
  });
});
