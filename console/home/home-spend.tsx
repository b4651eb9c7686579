/** What was spent today and this month, against its cap; and the switch that stops everything. */
import { Meter } from '@base-ui/react/meter';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Spend } from '../../src/contract/budget.ts';
import { api } from '../api/api.ts';
import { budgetQuery, stopQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Confirm } from '../ui/dialog.tsx';
import { money, plural } from '../ui/format.ts';
import { OctagonX } from '../ui/icons.tsx';
import { Panel, Skeleton } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';

export function SpendPanel() {
  const budget = useQuery(budgetQuery);
  return (
    <Panel
      title="Spent"
      aside={
        <Link to="/settings" hash="spending" className="text-[13px] font-medium text-accent hover:underline">
          Caps
        </Link>
      }
    >
      {budget.data ? (
        <div className="space-y-4">
          <SpendPart name="Today" spend={budget.data.day} />
          <SpendPart name="This month" spend={budget.data.month} />
        </div>
      ) : (
        <Skeleton className="h-20" />
      )}
    </Panel>
  );
}

function SpendPart({ name, spend: { spentUsd, heldUsd, capUsd } }: { name: string; spend: Spend }) {
  const share = capUsd === null ? 0 : Math.min(1, (spentUsd + heldUsd) / capUsd);
  return (
    <div className="space-y-1.5">
      <p className="flex justify-between gap-4">
        <span className="text-ink-2">{name}</span>
        <span className="tabular-nums">
          <span className="font-semibold">{money(spentUsd)}</span>
          <span className="text-ink-2">{capUsd === null ? ', no cap' : ` of ${money(capUsd)}`}</span>
        </span>
      </p>
      {capUsd === null ? null : (
        <Meter.Root aria-label={`${name}: spent of its cap`} value={spentUsd} max={capUsd}>
          <Meter.Track className="h-1.5 overflow-hidden rounded-full bg-hover">
            <Meter.Indicator className={cx('h-full rounded-full', share > 0.9 ? 'bg-bad' : 'bg-accent')} />
          </Meter.Track>
        </Meter.Root>
      )}
      {capUsd !== null && spentUsd + heldUsd >= capUsd ? (
        <p className="text-[13px] text-bad">
          The cap is used up: nothing more runs {name.toLowerCase()}.{' '}
          <Link to="/settings" hash="spending" className="font-medium underline underline-offset-2">
            Raise it
          </Link>
        </p>
      ) : null}
    </div>
  );
}

/** Stops every run and every trigger, after a question. */
export function StopAll() {
  const [isAsking, setAsking] = useState(false);
  const stop = useStop(
    api.stopAll,
    ({ cancelled }) => `Everything is stopped, ${plural(cancelled, 'run')} cancelled`,
  );
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
        Stop everything
      </Button>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => stop.mutate(undefined, { onSettled: () => setAsking(false) })}
        busy={stop.isPending}
        title="Stop everything?"
        verb="Stop everything"
      >
        Runs under way are cancelled, and nothing starts any more, by schedule, webhook, chat or another
        program, until you say so. What you start by hand still runs.
      </Confirm>
    </>
  );
}

/** On every page while the switch is thrown. */
export function StoppedNote() {
  const state = useQuery({ ...stopQuery, refetchInterval: 15_000 });
  const goOn = useStop(api.goOn, () => 'Alfred goes on');
  const stopped = state.data?.stopped;
  if (!stopped) return null;
  return (
    <div
      role="status"
      className="mb-5 flex flex-wrap items-center gap-3 rounded-lg border border-bad/40 bg-bad-soft px-4 py-3"
    >
      <p className="mr-auto">
        <span className="font-semibold text-bad">Everything is stopped</span>{' '}
        <span className="text-ink-2">
          by {stopped.by}, <Ago at={stopped.since} />. Nothing starts until you say so.
        </span>
      </p>
      <Button size="sm" busy={goOn.isPending} onClick={() => goOn.mutate()}>
        Go on
      </Button>
    </div>
  );
}

function useStop<Answer>(call: () => Promise<Answer>, words: (answer: Answer) => string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call(),
    onSuccess: (answer) => say(words(answer)),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries(),
  });
}
