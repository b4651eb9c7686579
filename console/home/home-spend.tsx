/** What was spent today and this month, against its cap; and the switch that stops everything. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Spend } from '../../src/contract/budget.ts';
import { api } from '../api/api.ts';
import { budgetQuery, stopQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { money } from '../ui/format.ts';
import { OctagonX } from '../ui/icons.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { Panel, Skeleton } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';
import { CapReached, SkillCaps } from './caps-later.ts';

export function SpendPanel() {
  const budget = useQuery(budgetQuery);
  return (
    <Panel
      title={t('Spent')}
      aside={
        <Link to="/settings" hash="spending" className="text-[13px] font-medium text-accent hover:underline">
          {t('Caps on everything')}
        </Link>
      }
    >
      {budget.data ? (
        <div className="space-y-4">
          <SpendPart name={t('Today')} spend={budget.data.day} isDay />
          <SpendPart name={t('This month')} spend={budget.data.month} />
          {budget.data.skills.some(({ day, month }) => (day.capUsd ?? month.capUsd) !== null) ? (
            <SkillCaps spends={budget.data.skills} />
          ) : null}
        </div>
      ) : (
        <Skeleton className="h-20" />
      )}
    </Panel>
  );
}

function SpendPart({ name, spend, isDay = false }: { name: string; spend: Spend; isDay?: boolean }) {
  const { spentUsd, heldUsd, capUsd } = spend;
  const share = capUsd === null ? 0 : Math.min(1, (spentUsd + heldUsd) / capUsd);
  return (
    <div className="space-y-1.5">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="text-ink-2">{name}</span>
        <span className="whitespace-nowrap tabular-nums">
          {rich(
            capUsd === null
              ? '<b>{spent}</b><small>, no cap</small>'
              : '<b>{spent}</b><small> of {cap}</small>',
            {
              spent: money(spentUsd),
              cap: capUsd === null ? '' : money(capUsd),
              b: (words) => <span className="font-semibold">{words}</span>,
              small: (words) => <span className="text-ink-2">{words}</span>,
            },
          )}
        </span>
      </p>
      {capUsd === null ? null : (
        // biome-ignore lint/a11y/useSemanticElements: every browser draws <meter> in its own way
        <div
          role="meter"
          aria-label={t('{name}: spent of its cap', { name })}
          aria-valuemin={0}
          aria-valuenow={Math.min(spentUsd, capUsd)}
          aria-valuemax={capUsd}
          aria-valuetext={t('{spent} of {cap}', { spent: money(spentUsd), cap: money(capUsd) })}
          className="h-1.5 overflow-hidden rounded-full bg-hover"
        >
          <div
            className={cx('h-full rounded-full', share > 0.9 ? 'bg-bad' : 'bg-accent')}
            style={{ width: `${spentUsd < capUsd ? (100 * spentUsd) / capUsd : 100}%` }}
          />
        </div>
      )}
      {capUsd !== null && spentUsd + heldUsd >= capUsd ? <CapReached spend={spend} isDay={isDay} /> : null}
    </div>
  );
}

const StopDialog = onDemand(async () => (await import('./stop-dialog.tsx')).StopDialog);

/** Stops every run and every trigger, after a question. */
export function StopAll() {
  // Undefined until it was asked once: what asks comes then.
  const [isAsking, setAsking] = useState<boolean>();
  const state = useQuery(stopQuery);
  if (state.data?.stopped) return null;
  return (
    <>
      <Button
        look="quiet"
        size="sm"
        icon={<OctagonX className="size-4" />}
        onClick={() => setAsking(true)}
        className="w-full justify-start px-3"
      >
        {t('Stop everything')}
      </Button>
      {isAsking === undefined ? null : <StopDialog open={isAsking} onClose={() => setAsking(false)} />}
    </>
  );
}

/** On every page while the switch is thrown. */
export function StoppedNote() {
  const state = useQuery({ ...stopQuery, refetchInterval: 15_000 });
  const queries = useQueryClient();
  const goOn = useMutation({
    mutationFn: () => api.goOn(),
    onSuccess: () => say(t('Alfred goes on')),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries(),
  });
  const stopped = state.data?.stopped;
  if (!stopped) return null;
  return (
    <div
      role="status"
      className="mb-5 flex flex-wrap items-center gap-3 rounded-lg border border-bad/40 bg-bad-soft px-4 py-3"
    >
      <p className="mr-auto">
        <span className="font-semibold text-bad">{t('Everything is stopped')}</span>{' '}
        <span className="text-ink-2">
          {rich('by {by}, {ago}. Nothing starts until you say so.', {
            by: stopped.by,
            ago: <Ago at={stopped.since} />,
          })}
        </span>
      </p>
      <Button size="sm" busy={goOn.isPending} onClick={() => goOn.mutate()}>
        {t('Go on')}
      </Button>
    </div>
  );
}
