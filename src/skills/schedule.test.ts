import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSchedule, describeSchedule, lastFire, nextFire, nextFires } from './schedule.ts';

const iso = (dates: Date[]) => dates.map((date) => date.toISOString());
const berlin = 'Europe/Berlin';

describe('daylight saving', () => {
  it('fires at the end of an hour that is skipped', () => {
    expect(
      iso(nextFires({ cron: '30 2 * * *', timezone: berlin }, new Date('2026-03-28T12:00:00Z'), 2)),
    ).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
  });

  it('fires once in an hour that is repeated', () => {
    expect(
      iso(nextFires({ cron: '30 2 * * *', timezone: berlin }, new Date('2026-10-24T12:00:00Z'), 2)),
    ).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
  });

  it('goes on every half hour through a repeated one', () => {
    const fires = nextFires({ cron: '*/30 * * * *', timezone: berlin }, new Date('2026-10-24T23:40:00Z'), 6);
    expect(
      fires.map(
        (date, index) => date.getTime() - (fires[index - 1]?.getTime() ?? date.getTime() - 1_800_000),
      ),
    ).toEqual(Array.from({ length: 6 }, () => 1_800_000));
  });
});

/** The same by another way: the wall clock of every UTC minute around a day, as Intl tells it. */
function wallClock(zone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (time: number): string => {
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`;
  };
}

const minute = 60_000;

/** When the wall clock of `zone` first shows `day hh:mm`, or the first moment after it if that day never does. */
function firstShown(zone: string, day: string, clock: string): number {
  const shown = wallClock(zone);
  const wanted = `${day} ${clock}`;
  const guess = Date.parse(`${day}T${clock}:00Z`);
  let low = guess - 16 * 60 * minute;
  // The first minute at which the wall clock has reached what is wanted: it only ever jumps forward past it once.
  while (shown(low) < wanted) low += 15 * minute;
  for (low -= 15 * minute; shown(low) < wanted; low += minute);
  return low;
}

describe('against an independent calculation', () => {
  const zones = [
    'UTC',
    berlin,
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'America/Santiago',
    'Pacific/Apia',
    'Africa/Casablanca',
  ];
  it('fires daily at the same moments, across zones, years and changes of the clock', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom(0, 7, 30, 59),
        fc.date({
          min: new Date('2024-01-01T00:00:00Z'),
          max: new Date('2029-12-01T00:00:00Z'),
          noInvalidDate: true,
        }),
        (timezone, hour, at, from) => {
          const clock = `${String(hour).padStart(2, '0')}:${String(at).padStart(2, '0')}`;
          const fires = nextFires({ cron: `${at} ${hour} * * *`, timezone }, from, 3);
          for (const fire of fires) {
            const day = wallClock(timezone)(fire.getTime()).slice(0, 10);
            expect([timezone, clock, fire.toISOString()]).toEqual([
              timezone,
              clock,
              new Date(firstShown(timezone, day, clock)).toISOString(),
            ]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('fires once a day on each day of a change of the clock', () => {
    const changes = [
      [berlin, '2026-03-28T00:00:00Z'],
      [berlin, '2026-10-24T00:00:00Z'],
      ['America/New_York', '2026-03-07T12:00:00Z'],
      ['America/New_York', '2026-10-31T12:00:00Z'],
      ['Australia/Lord_Howe', '2026-10-02T00:00:00Z'],
      ['Australia/Lord_Howe', '2027-04-02T00:00:00Z'],
      ['America/Santiago', '2026-09-04T12:00:00Z'],
    ] as const;
    for (const [timezone, from] of changes) {
      for (let quarter = 0; quarter < 96; quarter++) {
        const cron = `${(quarter % 4) * 15} ${Math.floor(quarter / 4)} * * *`;
        const days = nextFires({ cron, timezone }, new Date(from), 3).map((fire) =>
          wallClock(timezone)(fire.getTime()).slice(0, 10),
        );
        expect([timezone, cron, new Set(days).size]).toEqual([timezone, cron, 3]);
      }
    }
  });
});

describe('an expression', () => {
  it('is read back in plain words', () => {
    expect(describeSchedule({ cron: '0 7 * * 1-5', timezone: berlin })).toBe(
      'At 07:00, Monday through Friday (Europe/Berlin)',
    );
    expect(describeSchedule({ cron: '@daily', timezone: 'UTC' })).toBe('At 00:00 (UTC)');
  });

  it.each([
    ['* * * * * *', 'UTC', '/cron'],
    ['7 o clock', 'UTC', '/cron'],
    ['61 * * * *', 'UTC', '/cron'],
    ['0 0 31 2 *', 'UTC', '/cron'],
    ['', 'UTC', '/cron'],
    ['0 7 * * *', 'Mars/Olympus', '/timezone'],
  ])('is refused as %j in %s, naming the field', (cron, timezone, field) => {
    expect(() => checkSchedule({ cron, timezone })).toThrowError(
      expect.objectContaining({ code: 'E_VALIDATION', fields: [expect.objectContaining({ field })] }),
    );
  });

  it('does not drift', () => {
    const schedule = { cron: '*/7 * * * *', timezone: 'UTC' };
    let at = new Date('2026-01-01T00:00:00Z');
    for (let step = 0; step < 500; step++) {
      const next = nextFire(schedule, new Date(at.getTime() + (step % 50) * 1000));
      if (!next) throw new Error('it stopped');
      expect(next.getUTCSeconds() + next.getUTCMilliseconds()).toBe(0);
      expect(next.getUTCMinutes() % 7).toBe(0);
      at = next;
    }
  });

  it('says which time was the last of those that passed', () => {
    const schedule = { cron: '0 * * * *', timezone: 'UTC' };
    expect(lastFire(schedule, new Date('2026-01-01T00:30:00Z'), new Date('2026-01-01T05:10:00Z'))).toEqual({
      last: new Date('2026-01-01T05:00:00Z'),
      count: 5,
    });
    expect(
      lastFire(schedule, new Date('2026-01-01T00:30:00Z'), new Date('2026-01-01T00:40:00Z')),
    ).toBeUndefined();
  });
});
