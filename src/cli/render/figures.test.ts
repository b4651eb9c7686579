import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatElapsed,
  formatFullTime,
  formatMoney,
  formatTime,
  plural,
} from './figures.ts';

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [12.4, '12 ms'],
    [999, '999 ms'],
    [999.6, '1.0 s'],
    [3421, '3.4 s'],
    [9960, '10 s'],
    [59_700, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [3_840_000, '1 h 4 min'],
    [86_400_000 * 3 + 7_200_000, '3 d 2 h'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('counts whole seconds while something runs', () => {
    expect([0, 999, 3421, 61_500].map(formatElapsed)).toEqual(['0 s', '0 s', '3 s', '1 min 1 s']);
  });
});

describe('money', () => {
  it.each([
    [null, 'unpriced'],
    [0, '$0'],
    [0.0000001, '<$0.000001'],
    [0.0000123, '$0.000012'],
    [0.00314, '$0.0031'],
    [0.0105, '$0.011'],
    [0.1, '$0.10'],
    [0.5, '$0.50'],
    [0.123, '$0.12'],
    [0.999, '$1.00'],
    [1234.5, '$1,234.50'],
  ])('%d is %s', (usd, text) => expect(formatMoney(usd)).toBe(text));
});

describe('counts', () => {
  it('groups thousands and says one or many', () => {
    expect(formatCount(1204)).toBe('1,204');
    expect([plural(1, 'tool'), plural(14, 'tool'), plural(0, 'entry', 'entries')]).toEqual([
      '1 tool',
      '14 tools',
      '0 entries',
    ]);
    expect([640, 12_000, 3_400_000, 120e9].map(formatBytes)).toEqual(['640 B', '12 KB', '3.4 MB', '120 GB']);
  });
});

describe('times', () => {
  const now = new Date('2026-11-22T22:30:00Z');
  const zone = 'Europe/Berlin';

  it.each([
    ['2026-11-22T13:02:00Z', '14:02'],
    ['2026-11-21T23:30:00Z', '00:30'],
    ['2026-11-21T12:00:00Z', 'yesterday 13:00'],
    ['2026-11-03T13:02:00Z', '3 Nov 14:02'],
    ['2025-11-03T13:02:00Z', '3 Nov 2025'],
  ])('%s is %s in Berlin', (iso, text) => expect(formatTime(iso, now, zone)).toBe(text));

  it.each([
    ['after a day of 23 hours', '2027-03-28T10:00:00Z', 'yesterday 12:00'],
    ['two days back, with 24 hours and a half between', '2027-03-27T22:00:00Z', '27 Mar 23:00'],
  ])('yesterday is the day before: %s', (_what, iso, text) => {
    expect(formatTime(iso, new Date('2027-03-28T22:30:00Z'), zone)).toBe(text);
  });

  it('names the zone where it is written out', () => {
    expect(formatFullTime('2026-07-01T10:00:00Z', 'Asia/Kolkata')).toBe('1 Jul 2026, 15:30:00 GMT+5:30');
  });
});
