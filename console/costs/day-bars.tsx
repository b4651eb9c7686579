/** A bar for each day, which leads to its runs; and the same as a table, for who would rather read. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Stats } from '../../src/contract/stats.ts';
import { count, money, shortMoney } from '../ui/format.ts';
import { Scroller } from '../ui/scroller.tsx';
import { locale } from '../words/language.ts';
import { t } from '../words/t.ts';

type Day = Stats['days'][number];

const dayFormat = new Intl.DateTimeFormat(locale, {
  ...{ weekday: 'short', day: 'numeric', month: 'short' },
  timeZone: 'UTC',
});
export const dayName = ({ day }: Day): string => dayFormat.format(Date.parse(day));
const wordsOf = (day: Day): string =>
  t(
    '{day}: {cost}, {runs, plural, one {# run} other {# runs}}{failed, plural, =0 {} other {, {failed} failed}}',
    { day: dayName(day), cost: money(day.costUsd), runs: day.executions, failed: day.failed },
  );

/** Which runs a day has: those before the next one. @param until of the last day, where that is over */
const searchOf = (days: readonly Day[], index: number, until: string | undefined) => {
  const next = days[index + 1]?.begin ?? until;
  return { from: days[index]?.begin ?? '', ...(next === undefined ? {} : { to: next }) };
};

type Shown = {
  days: Day[];
  /** When the last of them ended; undefined of today. */
  until: string | undefined;
};

export function DayBars({ days, until }: Shown) {
  const [isTable, setTable] = useState(false);
  const most = Math.max(0, ...days.map(({ costUsd }) => costUsd));
  return (
    <>
      {isTable ? <DayTable days={days} until={until} /> : <Bars days={days} until={until} most={most} />}
      <button
        type="button"
        onClick={() => setTable(!isTable)}
        className="mt-3 text-[13px] font-medium text-accent hover:underline"
      >
        {isTable ? t('Show bars') : t('Show a table')}
      </button>
    </>
  );
}

function Bars({ days, until, most }: Shown & { most: number }) {
  const last = days.at(-1);
  // The first days of a month are bars as well, and no walls.
  const width = { maxWidth: `${days.length * 3.5}rem` };
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
      <div
        aria-hidden="true"
        className="flex h-48 flex-col justify-between text-right text-xs whitespace-nowrap text-ink-3 tabular-nums"
      >
        <span>{shortMoney(most)}</span>
        <span>{shortMoney(most / 2)}</span>
        <span>$0</span>
      </div>
      <ol
        aria-label={t('Cost by day')}
        style={width}
        className="flex h-48 items-end gap-px border-b border-line-strong sm:gap-0.5"
      >
        {days.map((day, index) => (
          <li key={day.day} className="h-full min-w-0 flex-1">
            <Link
              to="/executions"
              search={searchOf(days, index, until)}
              title={wordsOf(day)}
              className="group flex h-full items-end rounded-t-[3px] hover:bg-hover"
            >
              <span className="sr-only">{wordsOf(day)}</span>
              <span
                className="w-full rounded-t-[3px] bg-accent group-hover:bg-accent-strong forced-colors:bg-[LinkText]"
                style={{
                  height: most === 0 ? 0 : `${(day.costUsd / most) * 100}%`,
                  minHeight: day.executions > 0 ? 2 : 0,
                }}
              />
            </Link>
          </li>
        ))}
      </ol>
      <div
        aria-hidden="true"
        style={width}
        className="col-start-2 mt-1.5 flex justify-between text-xs whitespace-nowrap text-ink-3"
      >
        <span>{days[0] === undefined || days.length < 3 ? '' : dayName(days[0])}</span>
        <span>{until === undefined ? t('today') : last === undefined ? '' : dayName(last)}</span>
      </div>
    </div>
  );
}

/** The latest first, and no day without runs. */
function DayTable({ days, until }: Shown) {
  const rows = days.map((day, index) => ({ day, search: searchOf(days, index, until) })).reverse();
  return (
    <Scroller className="max-h-96">
      <table className="w-full text-[13px] whitespace-nowrap tabular-nums">
        <thead>
          <tr className="border-b border-line text-ink-2">
            <th scope="col" className="py-1.5 pr-3 text-left font-medium">
              {t('Day')}
            </th>
            <th scope="col" className="px-3 text-right font-medium">
              {t('Runs')}
            </th>
            <th scope="col" className="px-3 text-right font-medium">
              {t('Failed')}
            </th>
            <th scope="col" className="px-3 text-right font-medium">
              {t('Tokens')}
            </th>
            <th scope="col" className="pl-3 text-right font-medium">
              {t('Cost')}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows
            .filter(({ day }) => day.executions > 0 || day.costUsd > 0)
            .map(({ day, search }) => (
              <tr key={day.day}>
                <th scope="row" className="py-1.5 pr-3 text-left font-normal">
                  <Link to="/executions" search={search} className="text-accent hover:underline">
                    {dayName(day)}
                  </Link>
                </th>
                <td className="px-3 text-right">{count(day.executions)}</td>
                <td className="px-3 text-right">{day.failed === 0 ? '' : count(day.failed)}</td>
                <td className="px-3 text-right">{count(day.tokens)}</td>
                <td className="pl-3 text-right">{money(day.costUsd)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </Scroller>
  );
}
