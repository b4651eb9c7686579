import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextFires } from './schedule.ts';
import { describeSchedule } from './schedule-words.ts';

const utc = (cron: string) => ({ cron, timezone: 'UTC' });
const months = 'January February March April May June July August September October November December'.split(
  ' ',
);
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** "a, b and c", "1, 2, and 5 through 7": what of `names` it lists, as numbers. */
function listed(text: string, names?: string[]): number[] {
  const numberOf = (word: string) => (names ? names.indexOf(word) : Number(word));
  return text.split(/, and | and |, /).flatMap((part) => {
    const [from = '', to = from] = part.split(' through ');
    return Array.from({ length: numberOf(to) - numberOf(from) + 1 }, (_, step) => numberOf(from) + step);
  });
}

/** Takes `pattern` off the end of what is left to read. */
function reader(words: string) {
  let rest = words;
  return {
    take(pattern: RegExp): RegExpExecArray | undefined {
      const found = pattern.exec(rest) ?? undefined;
      if (found) rest = rest.slice(0, found.index);
      return found;
    },
    rest: () => rest,
  };
}

const minuteOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Understands the words as a person does; shares nothing with what made them. */
function understand(words: string): (at: Date) => boolean {
  const text = reader(words.replace(/ \(UTC\)$/, ''));
  const monthNames = months.join('|');
  const dayNames = weekdays.join('|');
  const inMonths = text.take(new RegExp(`, (?:only in )?((?:${monthNames})[\\w, ]*)$`));
  const onWeekdays = text.take(new RegExp(`, (and also on each |only on )?((?:${dayNames})[\\w, ]*)$`));
  const onDays = text.take(
    /, (?:on day ([\d, and]+) of the month|between day (\d+) and (\d+) of the month)$/,
  );
  const inHours = text.take(/, in the hours from ([\d:, and]+)$/);
  const between = text.take(/,? between (\d\d:\d\d) and (\d\d:\d\d)$/);
  const everyHours = text.take(/(?:, |^)every (\d+) hours$/i);
  const time = text.rest();

  const isDay = (at: Date) => {
    const byDay =
      onDays &&
      (onDays[1]
        ? listed(onDays[1]).includes(at.getUTCDate())
        : at.getUTCDate() >= Number(onDays[2]) && at.getUTCDate() <= Number(onDays[3]));
    const byWeekday = onWeekdays && listed(onWeekdays[2] ?? '', weekdays).includes(at.getUTCDay());
    if (byDay === undefined && byWeekday === undefined) return true;
    return byDay === true || byWeekday === true;
  };
  const isMonth = (at: Date) => !inMonths || listed(inMonths[1] ?? '', months).includes(at.getUTCMonth());
  const isHour = (at: Date) => {
    const minute = at.getUTCHours() * 60 + at.getUTCMinutes();
    if (inHours) return listed((inHours[1] ?? '').replaceAll(':00', '')).includes(at.getUTCHours());
    if (between) return minute >= minuteOf(between[1] ?? '') && minute <= minuteOf(between[2] ?? '');
    return everyHours ? at.getUTCHours() % Number(everyHours[1]) === 0 : true;
  };
  const isMinute = (at: Date) => {
    const minute = at.getUTCMinutes();
    const [, clocks] = /^At ((?:\d\d:\d\d(?:, and | and |, |$))+)$/.exec(time) ?? [];
    if (clocks)
      return clocks
        .split(/, and | and |, /)
        .some((clock) => minuteOf(clock) === at.getUTCHours() * 60 + minute);
    const [, past] = /^At ([\d, andthroug]+) minutes? past the hour$/.exec(time) ?? [];
    if (past) return listed(past).includes(minute);
    const run = /^Minutes (\d+) through (\d+) past the hour$/.exec(time);
    if (run) return minute >= Number(run[1]) && minute <= Number(run[2]);
    const [, step] = /^Every (\d+) minutes$/.exec(time) ?? [];
    if (step) return minute % Number(step) === 0;
    if (time === 'Every minute') return true;
    if (/^(Every hour|On the hour|)$/.test(time)) return minute === 0;
    throw new Error(`not understood: "${time}" of "${words}"`);
  };
  return (at) => isMonth(at) && isDay(at) && isHour(at) && isMinute(at);
}

const field = (first: number, last: number): fc.Arbitrary<string> => {
  const value = fc.integer({ min: first, max: last });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 2, arbitrary: value.map(String) },
    range,
    fc.integer({ min: 1, max: last }).map((step) => `*/${step}`),
    fc.tuple(range, fc.integer({ min: 1, max: Math.min(last, 12) })).map(([text, step]) => `${text}/${step}`),
    fc
      .array(fc.oneof(value.map(String), range), { minLength: 2, maxLength: 4 })
      .map((parts) => parts.join(',')),
    fc.constant(`*,${last}`),
  );
};

describe('the words of a schedule', () => {
  it('say what fires, on each of 400 days', () => {
    const from = Date.UTC(2027, 0, 1);
    const until = from + 400 * 86_400_000;
    fc.assert(
      fc.property(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6), (...fields) => {
        const cron = fields.join(' ');
        const words = describeSchedule(utc(cron));
        const isMeant = understand(words);
        // 200 fires, and at each of them the minutes around it, which shall fire only if the words say so.
        const fires = nextFires(utc(cron), new Date(from - 1), 200).filter((at) => at.getTime() < until);
        const known = new Set(fires.map((at) => at.getTime()));
        const end = fires.length === 200 ? (fires.at(-1)?.getTime() ?? until) : until;
        const looked = [...known].flatMap((at) => [
          at - 3_600_000,
          at - 60_000,
          at,
          at + 60_000,
          at + 3_600_000,
          at + 86_400_000,
        ]);
        for (let at = from; at < until; at += 7_380_000) looked.push(at);
        const wrong = looked.find((at) => at >= from && at <= end && isMeant(new Date(at)) !== known.has(at));
        expect([cron, words, wrong && new Date(wrong).toISOString()]).toEqual([cron, words, undefined]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['0 7 * * 1-5', 'At 07:00, Monday through Friday (UTC)'],
    ['@daily', 'At 00:00 (UTC)'],
    ['0 9 */1 * 1', 'At 09:00 (UTC)'],
    ['0 0 15 * 1-5', 'At 00:00, on day 15 of the month, and also on each Monday through Friday (UTC)'],
    ['0 9 1-7 * 1', 'At 09:00, between day 1 and 7 of the month, and also on each Monday (UTC)'],
    [
      '0 9 1 1,7 MON#2',
      'At 09:00, on day 1 of the month, and also on the second Monday of the month, only in January and July (UTC)',
    ],
    ['*/45 * * * *', 'At 0 and 45 minutes past the hour (UTC)'],
    ['0 */5 * * *', 'At 00:00, 05:00, 10:00, 15:00 and 20:00 (UTC)'],
    ['0 9 * * */2', 'At 09:00, only on Sunday, Tuesday, Thursday, and Saturday (UTC)'],
    ['0 0 1 * 0-6', 'At 00:00 (UTC)'],
    ['0,30 2,14 * * *', 'At 02:00, 02:30, 14:00 and 14:30 (UTC)'],
    ['*/10 1,5 * * *', 'Every 10 minutes, in the hours from 01:00 and 05:00 (UTC)'],
    ['0 9 L * *', 'At 09:00, on the last day of the month (UTC)'],
  ])('of %s are %j', (cron, words) => {
    expect(describeSchedule(utc(cron))).toBe(words);
  });

  it.each(['0 9 * * 5#L', '0 9 1 * +1', '0 9 * * MON#2,FRI'])('of %s are its next times', (cron) => {
    expect(describeSchedule(utc(cron))).toMatch(/^Next at \d+ \w+ \d{4}, 09:00; .*; .* \(UTC\)$/);
  });
});

it.each([
  ['0 7 * * *', 'Um 07:00'],
  ['0 7,19 * * *', 'Um 07:00 und 19:00'],
  ['15,45 8,20 * * *', 'Um 08:15, 08:45, 20:15 und 20:45'],
  ['*/15 9-17 * * *', 'Alle 15 Minuten, zwischen 09:00 und 17:59'],
  ['*/10 8,20 * * *', 'Alle 10 Minuten, in den Stunden ab 08:00 und 20:00'],
  ['0 7 * * 1-5', 'Um 07:00, Montag bis Freitag'],
  ['0 7 * * 1,3', 'Um 07:00, jeden Montag und Mittwoch'],
  ['0 7 15 * 1', 'Um 07:00, an Tag 15 des Monats, und außerdem jeden Montag'],
  ['0 7 L 1 *', 'Um 07:00, am letzten Tag des Monats, nur im Januar'],
])('says %s in German: %s', (cron, said) => {
  expect(describeSchedule(utc(cron), { language: 'de' })).toBe(`${said} (UTC)`);
});
