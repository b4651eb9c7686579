/** What one day brings, skill by skill. */
import { Link } from '@tanstack/react-router';
import { cx } from '../ui/cx.ts';
import { clock } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import type { DayOfSkill, Fire } from './calendar-fires.ts';
import { pauseWords } from './paused.ts';
import { inOwnClock } from './schedule-said.ts';

/** Of one skill in one day; what is more is counted. */
const mostOfADay = 6;

export const CalendarDay = ({ title, all }: { title: string; all: readonly DayOfSkill[] }) => (
  <Panel title={title} flush>
    {all.length === 0 ? <p className="px-4 py-3 text-ink-2">{t('Nothing is planned on this day.')}</p> : null}
    <ul className="divide-y divide-line">
      {all.map((each) => (
        <li key={each.skill.slug}>
          <DayRow {...each} />
        </li>
      ))}
    </ul>
  </Panel>
);

const DayRow = ({ skill, fires, isPaused }: DayOfSkill) => (
  <Link
    to="/skills/$slug"
    params={{ slug: skill.slug }}
    className="grid gap-x-4 gap-y-0.5 px-4 py-3 hover:bg-hover sm:grid-cols-[minmax(0,1fr)_minmax(0,18rem)]"
  >
    <span className="min-w-0">
      <span className={cx('block truncate font-medium', isPaused && 'text-ink-2')}>{skill.name}</span>
      <span className="block truncate text-[13px] text-ink-2">
        {isPaused && skill.pausedUntil !== null
          ? pauseWords(skill.pausedUntil)
          : inOwnClock(skill.description)}
      </span>
    </span>
    <span className="flex flex-wrap items-center gap-x-2.5 text-[13px] tabular-nums sm:justify-end">
      {fires.slice(0, mostOfADay).map((fire) => (
        <FireTime key={fire.at} fire={fire} />
      ))}
      {fires.length > mostOfADay ? (
        <span className="text-ink-2">{t('and {fires} more', { fires: fires.length - mostOfADay })}</span>
      ) : null}
    </span>
  </Link>
);

export const FireTime = ({ fire: { at, isLeftOut } }: { fire: Fire }) =>
  isLeftOut ? (
    <s className="text-ink-3">
      {clock(at)}
      <span className="sr-only"> {t('left out')}</span>
    </s>
  ) : (
    <span>{clock(at)}</span>
  );
