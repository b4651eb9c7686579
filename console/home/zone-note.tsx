/** Asks once in which zone the owner lives: schedules, days and months go by it, and a machine elsewhere does not know. */
import { useQuery } from '@tanstack/react-query';
import { budgetQuery, configQuery } from '../api/queries.ts';
import { usePutConfig } from '../settings/put-config.ts';
import { Button } from '../ui/button.tsx';
import { Clock } from '../ui/icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';

/** By its one name: some have several. */
const named = (timeZone?: string): string =>
  new Intl.DateTimeFormat('en', timeZone === undefined ? {} : { timeZone }).resolvedOptions().timeZone;

export function ZoneNote() {
  const config = useQuery(configQuery);
  const budget = useQuery(budgetQuery);
  const put = usePutConfig();
  const here = named();
  if (!config.data || !budget.data || config.data.some(({ key }) => key === 'timezone')) return null;
  const { timezone } = budget.data;
  if (named(timezone) === here) return null;
  const choose = (value: string) => put.mutate([{ key: 'timezone', value }]);
  return (
    <section
      aria-label={t('Your time zone')}
      className="space-y-3 rounded-xl border border-line bg-surface px-4 py-3"
    >
      <p className="flex gap-3">
        <Clock aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-3" />
        <span>
          <span className="font-medium">
            {t('This browser is in {here}, and Alfred goes by {timezone}.', {
              here: placeOf(here),
              timezone: placeOf(timezone),
            })}
          </span>{' '}
          <span className="text-ink-2">
            {t('By which shall schedules run, and days and months be counted?')}
          </span>
        </span>
      </p>
      {put.error ? <ProblemNote error={put.error} /> : null}
      <div className="flex flex-wrap gap-2 pl-7">
        <Button look="primary" size="sm" busy={put.isPending} onClick={() => choose(here)}>
          {placeOf(here)}
        </Button>
        <Button size="sm" disabled={put.isPending} onClick={() => choose(timezone)}>
          {placeOf(timezone)}
        </Button>
      </div>
    </section>
  );
}

const placeOf = (zone: string): string => zone.replaceAll('_', ' ');
