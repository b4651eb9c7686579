import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSchedule, lastFire, nextFire, nextFires } from './schedule.ts';

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

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The wall clock of a zone, as Intl tells it: milliseconds, read as if UTC. */
function wallClock(zone: string) {
  const format = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return (time: number): number => Date.parse(`${format.format(time).replace(' ', 'T')}Z`);
}

/** The same by another way: minute by minute, looking at the clock on the wall and at nothing else. */
function watchedFires(
  { cron, timezone }: { cron: string; timezone: string },
  from: number,
  until: number,
): string[] {
  const fields = cron.split(' ');
  const hours = valuesOf(fields[1] ?? '', 0, 23);
  const minutes = valuesOf(fields[0] ?? '', 0, 59);
  const days = valuesOf(fields[2] ?? '', 1, 31);
  const isMeant = (wall: number) => {
    const at = new Date(wall);
    return minutes.has(at.getUTCMinutes()) && hours.has(at.getUTCHours()) && days.has(at.getUTCDate());
  };
  const isEveryHour = hours.size === 24;
  const mayFireTwice = isEveryHour || /[*/]/.test(fields[0] ?? '');
  const wallAt = wallClock(timezone);
  const fires: string[] = [];
  let before = wallAt(from - minute);
  let furthest = before;
  for (let time = from; time < until; time += minute) {
    const wall = wallAt(time);
    let isFire = isMeant(wall) && (mayFireTwice || wall > furthest);
    for (let skipped = before + minute; skipped < wall && !isEveryHour; skipped += minute)
      isFire ||= isMeant(skipped);
    if (isFire) fires.push(new Date(time).toISOString());
    before = wall;
    furthest = Math.max(furthest, wall);
  }
  return fires;
}

function valuesOf(field: string, first: number, last: number): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from = first, to = from] = range === '*' ? [first, last] : range.split('-').map(Number);
    for (let value = from; value <= to; value += Number(step)) values.add(value);
  }
  return values;
}

/** Two days around each change of the zone's clock from 2024 to 2028. */
function changesOf(zone: string): number[] {
  const wallAt = wallClock(zone);
  const ahead = (time: number) => wallAt(time) - time;
  const changes: number[] = [];
  for (let time = Date.UTC(2024, 0, 1); time < Date.UTC(2029, 0, 1); time += day) {
    if (ahead(time) !== ahead(time + day)) changes.push(time);
  }
  return changes;
}

describe('against the clock on the wall', () => {
  const zones =
    `UTC Europe/Berlin Europe/London Europe/Lisbon Europe/Vienna Europe/Chisinau America/New_York America/Chicago
    America/St_Johns America/Havana America/Santiago America/Nuuk America/Scoresbysund America/Asuncion America/Tijuana
    America/Anchorage Atlantic/Azores Africa/Cairo Africa/Casablanca Africa/El_Aaiun Asia/Beirut Asia/Jerusalem Asia/Gaza Asia/Kolkata
    Australia/Lord_Howe Australia/Sydney Pacific/Auckland Pacific/Chatham Pacific/Easter Antarctica/Troll`.split(
      /\s+/,
    );
  const value = (last: number) => fc.integer({ min: 0, max: last });
  const lists = (last: number) =>
    fc.oneof(
      value(last).map(String),
      fc.uniqueArray(value(last), { minLength: 2, maxLength: 3 }).map((values) => values.join(',')),
      fc.tuple(value(last), value(last)).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    );
  const steps = (last: number) => fc.integer({ min: 2, max: last }).map((step) => `*/${step}`);
  // Most changes are made in the first three hours of a day.
  const hours = fc.oneof(lists(3), lists(23), steps(12), fc.constant('*'));
  const minutes = fc.oneof(lists(59), fc.constantFrom('0', '30', '0,30'), steps(45), fc.constant('*'));

  it('fires as it should over every kind of change, with lists, ranges and steps', () => {
    const changes = zones.flatMap((timezone) => changesOf(timezone).map((change) => ({ timezone, change })));
    fc.assert(
      fc.property(fc.constantFrom(...changes), minutes, hours, ({ timezone, change }, atMinutes, atHours) => {
        const schedule = { cron: `${atMinutes} ${atHours} * * *`, timezone };
        const [from, until] = [change - day, change + 2 * day];
        const watched = watchedFires(schedule, from, until);
        const fires = iso(nextFires(schedule, new Date(from - 1), watched.length + 1));
        expect([schedule, fires.slice(0, watched.length)]).toEqual([schedule, watched]);
        expect(Date.parse(fires.at(-1) ?? '')).toBeGreaterThanOrEqual(until);
        // Asked from any moment in between, it answers the same.
        const between = from + Math.floor((until - from) * 0.37);
        expect(iso(nextFires(schedule, new Date(between), 1))[0]).toBe(
          fires.find((time) => Date.parse(time) > between),
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['0 2 28 3 *', 'Europe/Berlin', '2027-03-01', ['2027-03-28T01:00']],
    ['0 2,14 28 3 *', 'Europe/Berlin', '2027-03-01', ['2027-03-28T01:00', '2027-03-28T12:00']],
    ['0,30 2 28 3 *', 'Europe/Berlin', '2027-03-01', ['2027-03-28T01:00']],
    ['*/15 2 28 3 *', 'Europe/Berlin', '2027-03-01', ['2027-03-28T01:00']],
    ['0 0,12 30 4 *', 'Africa/Cairo', '2027-04-01', ['2027-04-29T22:00', '2027-04-30T09:00']],
    ['30 1,13 7 11 *', 'America/New_York', '2027-11-01', ['2027-11-07T05:30', '2027-11-07T18:30']],
    ['0 */12 * * *', 'America/Santiago', '2026-09-05T20:00Z', ['2026-09-06T04:00', '2026-09-06T15:00']],
    ['0 */6 * * *', 'America/Santiago', '2026-09-05T23:00Z', ['2026-09-06T04:00', '2026-09-06T09:00']],
    ['30 23 * * 6', 'America/Nuuk', '2026-03-23', ['2026-03-29T01:00']],
    ['30 2,14 * * *', 'Europe/Vienna', '2026-03-28T20:00Z', ['2026-03-29T01:00', '2026-03-29T12:30']],
    ['30 2,14 * * *', 'Europe/Vienna', '2026-10-24T20:00Z', ['2026-10-25T00:30', '2026-10-25T13:30']],
    // A whole day was left out: what it held comes with the end of the gap.
    ['0 9 30 12 *', 'Pacific/Apia', '2011-12-01', ['2011-12-30T10:00', '2012-12-29T19:00']],
    ['0 0 29 2 *', 'Europe/Berlin', '2027-03-01', ['2028-02-28T23:00', '2032-02-28T23:00']],
  ])('%s in %s, after %s: %j', (cron, timezone, from, times) => {
    const fires = iso(nextFires({ cron, timezone }, new Date(from), times.length));
    expect(fires.map((time) => time.slice(0, 16))).toEqual(times);
  });
});

describe('an expression', () => {
  it.each([
    ['* * * * * *', 'UTC', '/cron'],
    ['7 o clock', 'UTC', '/cron'],
    ['61 * * * *', 'UTC', '/cron'],
    ['0 0 31 2 *', 'UTC', '/cron'],
    ['', 'UTC', '/cron'],
    ['0 7 * * *', 'Mars/Olympus', '/timezone'],
    // Another place in the next program, or an hour away in summer.
    ['0 7 * * *', 'IST', '/timezone'],
    ['0 7 * * *', 'CET', '/timezone'],
    ['0 7 * * *', '+02:00', '/timezone'],
  ])('is refused as %j in %s, naming the field', (cron, timezone, field) => {
    expect(() => checkSchedule({ cron, timezone })).toThrowError(
      expect.objectContaining({ code: 'E_VALIDATION', fields: [expect.objectContaining({ field })] }),
    );
  });

  it('rests up to a time, and leaves out that very one', () => {
    const daily = { cron: '0 7 * * *', timezone: 'UTC' };
    const after = new Date('2026-11-22T06:00:00Z');
    const paused = (pausedUntil: string) => nextFire({ ...daily, pausedUntil }, after)?.toISOString();
    expect(paused('2026-11-22T07:00:00.000Z')).toBe('2026-11-23T07:00:00.000Z');
    expect(paused('2026-12-23T23:59:59.999Z')).toBe('2026-12-24T07:00:00.000Z');
    expect(paused('2020-01-01T00:00:00.000Z')).toBe('2026-11-22T07:00:00.000Z');
    const until = new Date('2026-11-30T00:00:00Z');
    expect(lastFire({ ...daily, pausedUntil: '2026-11-28T07:00:00.000Z' }, after, until)).toEqual({
      last: new Date('2026-11-29T07:00:00Z'),
      count: 1,
    });
    expect(lastFire({ ...daily, pausedUntil: until.toISOString() }, after, until)).toBeUndefined();
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

  it('counts no further than a thousand, and finds the last one all the same', () => {
    const schedule = { cron: '* * * * *', timezone: 'Europe/Berlin' };
    expect(lastFire(schedule, new Date('2025-01-01T00:00:00Z'), new Date('2026-01-01T05:10:30Z'))).toEqual({
      last: new Date('2026-01-01T05:10:00Z'),
      count: 1000,
    });
  });
});
