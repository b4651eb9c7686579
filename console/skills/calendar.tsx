/** What the schedules bring in the week that comes, day by day; what is paused is there and says so. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Upcoming } from '../../src/contract/upcoming.ts';
import { upcomingQuery } from '../api/queries.ts';
import { buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { clock, dayName } from '../ui/format.ts';
import { Empty, PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { useNow } from '../ui/time.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { t } from '../words/t.ts';
import { pauseWords } from './paused.ts';
import { inOwnClock } from './schedule-said.ts';

/** Of one skill in one day; what is more is counted. */
const mostOfADay = 6;
const minuteMs = 60_000;

type Fire = { at: string; isLeftOut: boolean; skill: Upcoming['items'][number] };

export function CalendarPage() {
  const upcoming = useQuery(upcomingQuery);
  return (
    <>
      <WayBack to="/skills">{t('Skills')}</WayBack>
      <PageHead
        title={t('What comes')}
        lead={t('What the schedules start in the next seven days, by your clock.')}
      />
      {upcoming.error ? <ProblemNote error={upcoming.error} /> : null}
      {upcoming.isPending ? <SkeletonRows rows={7} /> : null}
      {upcoming.data ? <Days upcoming={upcoming.data} /> : null}
    </>
  );
}

function Days({ upcoming }: { upcoming: Upcoming }) {
  const now = useNow(minuteMs);
  const fires = upcoming.items
    .flatMap((skill) => skill.times.map((time): Fire => ({ ...time, skill })))
    .sort((one, other) => one.at.localeCompare(other.at));
  if (fires.length === 0) {
    return (
      <Empty
        title={t('Nothing is scheduled')}
        action={
          <Link to="/skills" className={buttonClass()}>
            {t('Choose a skill')}
          </Link>
        }
      >
        {t(
          'A skill that is started by a schedule stands here with its next times. Set one where the skill is edited, under what starts it.',
        )}
      </Empty>
    );
  }
  return (
    <div className="space-y-4">
      {[...Map.groupBy(fires, ({ at }) => dayName(Date.parse(at), now))].map(([day, inDay]) => (
        <Panel key={day} title={day} flush>
          <ul className="divide-y divide-line">
            {[...Map.groupBy(inDay, ({ skill }) => skill.slug)].map(([slug, own]) => (
              <li key={slug}>
                <DayRow fires={own} />
              </li>
            ))}
          </ul>
        </Panel>
      ))}
    </div>
  );
}

function DayRow({ fires }: { fires: readonly Fire[] }) {
  const [first] = fires;
  if (first === undefined) return null;
  const { skill } = first;
  const rests = fires.every(({ isLeftOut }) => isLeftOut);
  return (
    <Link
      to="/skills/$slug"
      params={{ slug: skill.slug }}
      className="grid gap-x-4 gap-y-0.5 px-4 py-3 hover:bg-hover sm:grid-cols-[minmax(0,1fr)_minmax(0,18rem)]"
    >
      <span className="min-w-0">
        <span className={cx('block truncate font-medium', rests && 'text-ink-2')}>{skill.name}</span>
        <span className="block truncate text-[13px] text-ink-2">
          {rests && skill.pausedUntil !== null
            ? pauseWords(skill.pausedUntil)
            : inOwnClock(skill.description)}
        </span>
      </span>
      <span className="flex flex-wrap items-center gap-x-2.5 text-[13px] tabular-nums sm:justify-end">
        {fires.slice(0, mostOfADay).map(({ at, isLeftOut }) =>
          isLeftOut ? (
            <s key={at} className="text-ink-3">
              {clock(at)}
              <span className="sr-only"> {t('left out')}</span>
            </s>
          ) : (
            <span key={at}>{clock(at)}</span>
          ),
        )}
        {fires.length > mostOfADay ? (
          <span className="text-ink-2">{t('and {fires} more', { fires: fires.length - mostOfADay })}</span>
        ) : null}
      </span>
    </Link>
  );
}
