/** What the schedules bring: where there is room a calendar of weeks, on a phone the days of the next week. What is paused is there and says so. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Upcoming } from '../../src/contract/upcoming.ts';
import { buttonClass } from '../ui/button.tsx';
import { dayName } from '../ui/format.ts';
import { Empty, PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { useNow } from '../ui/time.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { t } from '../words/t.ts';
import { CalendarDay } from './calendar-day.tsx';
import { bySkill, firesIn } from './calendar-fires.ts';
import { CalendarMonth } from './calendar-month.tsx';
import { daysAhead } from './calendar-weeks.ts';
import { upcomingQuery } from './schedule-queries.ts';

const minuteMs = 60_000;
/** So far the list looks. */
const weekMs = 7 * 86_400_000;

export function CalendarPage() {
  const upcoming = useQuery(upcomingQuery(daysAhead));
  return (
    <>
      <WayBack to="/skills">{t('Skills')}</WayBack>
      <PageHead
        title={t('What comes')}
        lead={t('What the schedules start in the days that come, by your clock.')}
      />
      {upcoming.error ? <ProblemNote error={upcoming.error} /> : null}
      {upcoming.isPending ? <SkeletonRows rows={7} /> : null}
      {upcoming.data ? <Days upcoming={upcoming.data} /> : null}
    </>
  );
}

function Days({ upcoming }: { upcoming: Upcoming }) {
  const now = useNow(minuteMs);
  const fires = firesIn(upcoming);
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
  const inAWeek = fires.filter(({ at }) => Date.parse(at) <= Date.parse(upcoming.from) + weekMs);
  return (
    <>
      <div className="hidden lg:block">
        <CalendarMonth upcoming={upcoming} now={now} />
      </div>
      <div className="space-y-4 lg:hidden">
        {[...Map.groupBy(inAWeek, ({ at }) => dayName(Date.parse(at), now))].map(([day, inDay]) => (
          <CalendarDay key={day} title={day} all={bySkill(inDay)} />
        ))}
        {inAWeek.length === 0 ? (
          <p className="text-ink-2">{t('Nothing is planned in the next seven days.')}</p>
        ) : null}
      </div>
    </>
  );
}
