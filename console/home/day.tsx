/** The letter of one day: what each skill found out then, and what the day came to. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { ListedExecution } from '../../src/contract/executions.ts';
import { lettersIn } from '../../src/contract/home.ts';
import { totalsQuery } from '../api/found-queries.ts';
import { executionsQuery, skillsQuery } from '../api/queries.ts';
import { useRead } from '../api/use-read.ts';
import { namesOf } from '../executions/execution-row.tsx';
import { totalsInWords } from '../executions/found-totals.tsx';
import { useKeys } from '../layout/use-keys.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { beginOf, dateOf } from '../ui/dates.ts';
import { Input } from '../ui/field.tsx';
import { clock, exactTime } from '../ui/format.ts';
import { ChevronLeft, ChevronRight } from '../ui/more-icons.tsx';
import { Empty, PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import type { Ago } from '../ui/time.tsx';
import { WayBack } from '../ui/way-back.tsx';
import { locale } from '../words/language.ts';
import { t } from '../words/t.ts';
import { Articles } from './articles.tsx';

const route = getRouteApi('/days/$date');
const longDay = new Intl.DateTimeFormat(locale, { dateStyle: 'full' });
/** So many runs of a day are looked through, and so much of each result is read, in characters. */
const [most, excerpt] = [200, 1200];

export function DayPage() {
  const { date } = route.useParams();
  const navigate = useNavigate({ from: '/days/$date' });
  const [from, to] = [beginOf(date), beginOf(date, 1)];
  const isDay = from !== '';
  const filters = { from, to };
  const today = dateOf(Date.now());
  const go = (day: string) => void navigate({ params: { date: day }, replace: true });
  useKeys({
    '<': () => isDay && go(dateOf(from, -1)),
    '>': () => isDay && date < today && go(dateOf(from, 1)),
  });
  const list = useInfiniteQuery({ ...executionsQuery(filters, most, excerpt), enabled: isDay });
  const totals = useQuery({ ...totalsQuery(filters), enabled: isDay });
  if (!isDay) {
    return (
      <Empty
        title={t('This is no day')}
        isPage
        action={
          <Link to="/" className={buttonClass()}>
            {t('Go home')}
          </Link>
        }
      >
        {t('A day stands in the address as 2026-11-27.')}
      </Empty>
    );
  }
  const rows = list.data?.pages[0]?.items;
  return (
    <>
      <WayBack to="/">{t('Home')}</WayBack>
      <PageHead
        title={longDay.format(Date.parse(from))}
        lead={
          totals.data === undefined
            ? ' '
            : totals.data.executions === 0
              ? t('Nothing ran.')
              : totalsInWords(totals.data)
        }
        actions={
          <>
            <DayLink date={dateOf(from, -1)} name={t('The day before')} icon={ChevronLeft} />
            <Input
              type="date"
              aria-label={t('Day')}
              value={date}
              max={today}
              onChange={({ target: { value } }) => (value === '' ? undefined : go(value))}
              className="w-40! print:hidden"
            />
            {date < today ? (
              <DayLink date={dateOf(from, 1)} name={t('The day after')} icon={ChevronRight} />
            ) : null}
          </>
        }
      />
      {list.error ? <ProblemNote error={list.error} /> : null}
      <Letters rows={rows} filters={filters} />
    </>
  );
}

function Letters({
  rows,
  filters,
}: {
  rows: ListedExecution[] | undefined;
  /** Which runs the day has. */
  filters: { from: string; to: string };
}) {
  const names = namesOf(useQuery(skillsQuery).data);
  const read = useRead({ isSaid: true });
  const letters = lettersIn(rows ?? [], most);
  const unread = (rows ?? []).filter((row) => row.unread).map(({ id }) => id);
  return (
    <Panel
      title={t('What Alfred found out')}
      flush
      aside={
        <span className="flex items-center gap-3">
          {unread.length === 0 ? null : (
            <Button look="quiet" size="sm" onClick={() => read.mutate(unread)}>
              {t('Mark all as read')}
            </Button>
          )}
          <Link
            to="/executions"
            search={filters}
            className="text-[13px] font-medium text-accent hover:underline"
          >
            {t('All runs of the day')}
          </Link>
        </span>
      }
    >
      {rows === undefined ? <SkeletonRows rows={3} className="h-20" /> : null}
      {rows !== undefined && letters.length === 0 ? (
        <Empty
          title={t('No letter of this day')}
          action={
            <Link to="/skills" className={buttonClass()}>
              {t('Give a skill a schedule')}
            </Link>
          }
        >
          {t('None of your skills told anything then.')}
        </Empty>
      ) : null}
      <Articles letters={letters} names={names} Time={AtClock} onRead={(id) => read.mutate([id])} />
    </Panel>
  );
}

/** The day itself stands above. */
const AtClock: typeof Ago = ({ at, className }) => (
  <time dateTime={at} title={exactTime(at)} className={cx('shrink-0 tabular-nums', className)}>
    {clock(at)}
  </time>
);

const DayLink = ({ date, name, icon: Picture }: { date: string; name: string; icon: typeof ChevronLeft }) => (
  <Link
    to="/days/$date"
    params={{ date }}
    aria-label={name}
    title={name}
    className={buttonClass('plain', 'icon')}
  >
    <Picture className="size-4" />
  </Link>
);
