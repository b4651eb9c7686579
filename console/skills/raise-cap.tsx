/** Raises a cap that was met, at one press: where a run says so, and on Home. */
import { useQuery } from '@tanstack/react-query';
import type { ExecutionSummary } from '../../src/contract/executions.ts';
import { budgetQuery, skillsQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { money } from '../ui/format.ts';
import { t } from '../words/t.ts';
import { metCapOf, type Raise } from './met-cap.ts';
import { useRaise } from './use-raise.ts';

/** @param props.slug of which skill; left out, for a cap on everything */
export function RaiseButton({ raise, slug }: { raise: Raise; slug?: string }) {
  const skill = useQuery(skillsQuery).data?.find((each) => each.slug === slug);
  const { mutate, isPending } = useRaise();
  if ('field' in raise && skill === undefined) return null;
  const amount = money(raise.toUsd);
  return (
    <Button
      size="sm"
      busy={isPending}
      title={nowOf(raise)}
      aria-label={
        'field' in raise ? t('Raise to {amount}: {name}', { amount, name: skill?.name ?? '' }) : undefined
      }
      onClick={() => mutate({ raise, skill })}
    >
      {t('Raise to {amount}', { amount })}
    </Button>
  );
}

function nowOf(raise: Raise): string {
  const now = money(raise.capUsd);
  if ('key' in raise) return t('The cap on everything is {now} now', { now });
  return {
    maxCostUsd: t('The cap of one run is {now} now', { now }),
    maxCostPerDayUsd: t('The cap of a day is {now} now', { now }),
    maxCostPerMonthUsd: t('The cap of a month is {now} now', { now }),
  }[raise.field];
}

/** Of a run that met a cap: that cap, and the skill as it is now. */
export function useMetCap(run: ExecutionSummary) {
  const skill = useQuery(skillsQuery).data?.find(({ slug }) => slug === run.skillSlug);
  const budget = useQuery(budgetQuery).data;
  const raise = skill && budget ? metCapOf(run, skill, budget) : undefined;
  // Alfred's own are as it ships them.
  return skill && raise && ('key' in raise || !skill.isSystem) ? { raise, skill } : undefined;
}

export function RaiseMetCap({ run }: { run: ExecutionSummary }) {
  const met = useMetCap(run);
  return met && <RaiseButton raise={met.raise} slug={run.skillSlug} />;
}
