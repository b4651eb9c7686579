/** This month against its cap: what was spent, and what it comes to if that goes on. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Budget, Spend } from '../../src/contract/budget.ts';
import { budgetQuery, statsQuery } from '../api/queries.ts';
import { capsOf } from '../home/skill-caps.tsx';
import { cx } from '../ui/cx.ts';
import { dayTime, money } from '../ui/format.ts';
import { Panel, Skeleton } from '../ui/panel.tsx';
import { rich, t } from '../words/t.ts';
import { Figures } from './figures.tsx';
import { monthBeside, monthName, monthOf } from './months.ts';
import { spentIn } from './spent-in.ts';

export function MonthPanel() {
  const budget = useQuery(budgetQuery);
  return (
    <Panel
      title={t('This month')}
      aside={
        <Link to="/settings" hash="spending" className="text-[13px] font-medium text-accent hover:underline">
          {t('Caps')}
        </Link>
      }
    >
      {budget.data === undefined ? <Skeleton className="h-32" /> : <Month budget={budget.data} />}
    </Panel>
  );
}

function Month({ budget }: { budget: Budget }) {
  const { day, month, forecast, skills } = budget;
  const present = monthOf(budget);
  const ownCaps = capsOf(skills);
  const figures = [
    [t('Spent'), money(month.spentUsd)],
    [t('Forecast'), money(forecast.monthUsd)],
    ...(month.heldUsd > 0 ? [[t('Set aside for calls under way'), money(month.heldUsd)] as const] : []),
    [t('Cap'), month.capUsd === null ? t('none') : money(month.capUsd)],
    ...(month.capUsd === null ? [] : [[t('Left'), money(leftOf(month))] as const]),
    [t('Daily average'), money(forecast.perDayUsd)],
    [
      t('Today'),
      day.capUsd === null
        ? money(day.spentUsd)
        : t('{spent} of {cap}', { spent: money(day.spentUsd), cap: money(day.capUsd) }),
    ],
  ] as const;
  return (
    <div className="space-y-4">
      {month.capUsd === null ? null : (
        <Gauge spentUsd={month.spentUsd} capUsd={month.capUsd} forecastUsd={forecast.monthUsd} />
      )}
      <Figures figures={figures} />
      <p className="text-[13px] text-ink-2">
        {month.capUsd === null && ownCaps.length > 0 ? (
          <OwnCaps skills={new Set(ownCaps.map(({ slug }) => slug)).size} />
        ) : (
          sentenceOf(month, forecast)
        )}
      </p>
      <MonthBefore month={monthBeside(present, -1)} />
    </div>
  );
}

/** What the last one came to: a month that has just begun says little. */
function MonthBefore({ month }: { month: string }) {
  const stats = useQuery(statsQuery(month)).data;
  return stats === undefined || spentIn(stats) === 0 ? null : (
    <p className="text-[13px]">
      <Link to="/costs" search={{ month }} className="font-medium text-accent hover:underline">
        {t('{month}: {spent}', { month: monthName(month), spent: money(spentIn(stats)) })}
      </Link>
    </p>
  );
}

/** None is on everything, but single skills have theirs. */
const OwnCaps = ({ skills }: { skills: number }) =>
  rich(
    'No cap is set on everything together. {skills, plural, one {# skill has a cap of its own} other {# skills have caps of their own}}: <link>see and change the caps</link>.',
    {
      skills,
      link: (words) => (
        <Link to="/settings" hash="spending" className="font-medium text-accent hover:underline">
          {words}
        </Link>
      ),
    },
  );

/** What may still be spent: what is set aside is given back where it is not used. */
const leftOf = ({ capUsd, spentUsd, heldUsd }: Spend): number =>
  Math.max(0, (capUsd ?? 0) - spentUsd - heldUsd);

function sentenceOf(
  { capUsd, spentUsd, until }: Budget['month'],
  { capReachedAt }: Budget['forecast'],
): string {
  if (capUsd === null) return t('No cap is set, so nothing stops the spending. Set one under Caps.');
  if (spentUsd >= capUsd)
    return t('The cap is used up: nothing more runs before {until}.', { until: dayTime(until) });
  return capReachedAt === null
    ? t('It stays within the cap if it goes on as in the last week.')
    : t('At the pace of the last week the cap is used up {capReachedAt}, and nothing runs after that.', {
        capReachedAt: dayTime(capReachedAt),
      });
}

/** Spent, and what may come, on a line that ends at the cap, or at whichever is more. */
function Gauge({ spentUsd, capUsd, forecastUsd }: { spentUsd: number; capUsd: number; forecastUsd: number }) {
  const whole = Math.max(spentUsd, forecastUsd, capUsd);
  const share = (usd: number) => ({ width: whole === 0 ? '0%' : `${(usd / whole) * 100}%` });
  const isOver = forecastUsd > capUsd;
  return (
    <div
      aria-hidden="true"
      className="relative h-3 overflow-hidden rounded-full bg-hover forced-colors:border"
    >
      <span
        className={cx('absolute inset-y-0 left-0 opacity-40', isOver ? 'bg-bad' : 'bg-accent')}
        style={share(forecastUsd)}
      />
      <span
        className={cx(
          'absolute inset-y-0 left-0 forced-colors:bg-[LinkText]',
          isOver ? 'bg-bad' : 'bg-accent',
        )}
        style={share(spentUsd)}
      />
      {capUsd >= whole ? null : (
        <span className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: share(capUsd).width }} />
      )}
    </div>
  );
}
