import { expect, it } from 'vitest';
import { quietUntil } from './quiet-hours.ts';

const night = { from: '22:00', to: '07:00' };
const until = (quiet: { from: string; to: string }, zone: string, now: string) =>
  quietUntil(quiet, zone, new Date(now))?.toISOString();

it('holds from one hour to the other, over midnight, in the zone', () => {
  expect(until(night, 'Europe/Berlin', '2026-11-29T20:59:59Z')).toBeUndefined();
  expect(until(night, 'Europe/Berlin', '2026-11-29T21:00:00Z')).toBe('2026-11-30T06:00:00.000Z');
  expect(until(night, 'Europe/Berlin', '2026-11-30T05:59:59Z')).toBe('2026-11-30T06:00:00.000Z');
  expect(until(night, 'Europe/Berlin', '2026-11-30T06:00:00Z')).toBeUndefined();
  expect(until({ from: '13:00', to: '15:00' }, 'UTC', '2026-11-30T14:00:00Z')).toBe(
    '2026-11-30T15:00:00.000Z',
  );
  expect(quietUntil(null, 'UTC', new Date())).toBeUndefined();
});

it('is an hour longer or shorter in the night in which the clock changes', () => {
  expect(until(night, 'Europe/Berlin', '2026-10-24T20:00:00Z')).toBe('2026-10-25T06:00:00.000Z');
  expect(until(night, 'Europe/Berlin', '2026-03-28T21:00:00Z')).toBe('2026-03-29T05:00:00.000Z');
  // 02:30 is skipped: the end of the gap stands for it. It comes twice: the first counts.
  expect(until({ from: '23:00', to: '02:30' }, 'Europe/Berlin', '2026-03-29T00:00:00Z')).toBe(
    '2026-03-29T01:00:00.000Z',
  );
  expect(until({ from: '23:00', to: '02:30' }, 'Europe/Berlin', '2026-10-25T00:45:00Z')).toBeUndefined();
  // Both in one gap: nothing to be quiet in.
  expect(until({ from: '02:10', to: '02:40' }, 'Europe/Berlin', '2026-03-29T01:00:00Z')).toBeUndefined();
});
