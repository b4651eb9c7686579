/** The weeks that come as a calendar on a wall; of the day that is chosen, all of it stands beneath. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Upcoming } from '../../src/contract/upcoming.ts';
import { cx } from '../ui/cx.ts';
import { dateOf } from '../ui/dates.ts';
import { dayName } from '../ui/format.ts';
import { locale } from '../words/language.ts';
import { t } from '../words/t.ts';
import { CalendarDay, FireTime } from './calendar-day.tsx';
import { byDate, type DayOfSkill } from './calendar-fires.ts';
import { firstDayOfWeek, weeksFrom } from './calendar-weeks.ts';

/** What is more of a day stands beneath, once the day is chosen. */
const mostInCell = 3;

const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const longWeekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
const ofMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const wholeDay = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });

export function CalendarMonth({ upcoming, now }: { upcoming: Upcoming; now: number }) {
  const weeks = weeksFrom(now, firstDayOfWeek());
  const days = weeks.flat();
  const all = byDate(
    upcoming,
    days.map((day) => dateOf(day.getTime())),
  );
  const today = dateOf(now);
  // Where nothing is left of today, the first day that brings something is told.
  const first = [...all].find(([date, brings]) => date >= today && brings.length > 0)?.[0];
  const [picked, setPicked] = useState(first ?? today);
  const shown = all.get(picked) ?? [];
  return (
    <div className="space-y-5">
      <div className="overflow-hidden rounded-xl border border-line bg-surface">
        <table className="w-full table-fixed border-collapse">
          <caption className="sr-only">{t('What comes, week by week')}</caption>
          <thead>
            <tr>
              {weeks[0]?.map((day) => (
                <th
                  key={day.getTime()}
                  scope="col"
                  className="border-b border-line px-2.5 py-2 text-left text-xs font-medium text-ink-2"
                >
                  <abbr title={longWeekday.format(day)} className="no-underline">
                    {weekday.format(day)}
                  </abbr>
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {weeks.map((week) => (
              <tr key={week[0]?.getTime()} className="divide-x divide-line">
                {week.map((day, index) => {
                  const date = dateOf(day.getTime());
                  return (
                    <Cell
                      key={date}
                      day={day}
                      all={all.get(date) ?? []}
                      isPast={date < today}
                      isToday={date === today}
                      isPicked={date === picked}
                      isNamed={(week === weeks[0] && index === 0) || day.getDate() === 1}
                      onPick={() => setPicked(date)}
                    />
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div aria-live="polite">
        <CalendarDay title={dayName(Date.parse(`${picked}T12:00`), now)} all={shown} />
      </div>
    </div>
  );
}

function Cell({
  day,
  all,
  isPast,
  isToday,
  isPicked,
  isNamed,
  onPick,
}: {
  day: Date;
  all: readonly DayOfSkill[];
  isPast: boolean;
  isToday: boolean;
  isPicked: boolean;
  /** Its month stands beside it. */
  isNamed: boolean;
  onPick(): void;
}) {
  const number = isNamed ? ofMonth.format(day) : String(day.getDate());
  if (isPast) {
    return (
      <td className="h-28 bg-sunken px-2.5 py-2 align-top text-[13px] text-ink-3 tabular-nums">{number}</td>
    );
  }
  const more = all.length - mostInCell;
  return (
    <td
      aria-current={isToday ? 'date' : undefined}
      className={cx(
        'h-28 p-1 align-top',
        isPicked && 'bg-accent-soft forced-colors:outline-2 forced-colors:-outline-offset-2',
      )}
    >
      <button
        type="button"
        aria-pressed={isPicked}
        onClick={onPick}
        className={cx(
          'mb-0.5 flex h-7 items-center rounded-full px-1.5 text-[13px] tabular-nums',
          isToday
            ? 'min-w-7 justify-center bg-accent font-semibold text-accent-ink forced-colors:border forced-colors:bg-[ButtonFace] forced-colors:text-[ButtonText]'
            : 'hover:bg-hover',
        )}
      >
        {number}
        <span className="sr-only">
          {t('of {day}: {skills, plural, one {# skill} other {# skills}}', {
            day: wholeDay.format(day),
            skills: all.length,
          })}
        </span>
      </button>
      <ul>
        {all.slice(0, mostInCell).map((each) => (
          <li key={each.skill.slug}>
            <CellLine {...each} />
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <button
          type="button"
          onClick={onPick}
          className="rounded px-1.5 text-xs leading-6 text-ink-2 hover:bg-hover hover:text-ink"
        >
          {t('{more} more', { more })}
        </button>
      ) : null}
    </td>
  );
}

/** Its first time, and how many more there are. */
function CellLine({ skill, fires: [first, ...more], isPaused }: DayOfSkill) {
  return (
    <Link
      to="/skills/$slug"
      params={{ slug: skill.slug }}
      title={skill.name}
      className={cx(
        'flex gap-1.5 rounded px-1.5 text-xs leading-6 hover:bg-hover',
        isPaused ? 'text-ink-2' : 'text-ink',
      )}
    >
      <span className="shrink-0 whitespace-nowrap text-ink-2 tabular-nums">
        {first === undefined ? t('often') : <FireTime fire={first} />}
        {more.length === 0 ? null : ` +${more.length}`}
      </span>
      <span className="min-w-0 truncate">{skill.name}</span>
    </Link>
  );
}
