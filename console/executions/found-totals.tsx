/** What all that fit a filter come to, and what can be done with all of them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExecutionTotals, RetryRequest } from '../../src/contract/executions.ts';
import { listItems } from '../../src/contract/list-items.ts';
import { api } from '../api/api.ts';
import { totalsQuery } from '../api/found-queries.ts';
import type { ExecutionFilters } from '../api/queries.ts';
import { useRead } from '../api/use-read.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { count, duration, money } from '../ui/format.ts';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

/** As many as one request takes; then again. */
const most = 200;

const line = 'mb-3 flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-ink-2';

/** `14 runs, 2 failed · $0.42 · 12.4K tokens · 3 min 20 s in all` */
export function totalsInWords(totals: ExecutionTotals): string {
  const { executions, failed, running, waiting, costUsd, unpriced, tokens, durationMs } = totals;
  return [
    [
      t('{executions, plural, one {# run} other {# runs}}', { executions }),
      ...(failed > 0 ? [t('{failed} failed', { failed: count(failed) })] : []),
      ...(waiting > 0 ? [t('{waiting} waiting', { waiting: count(waiting) })] : []),
      ...(running > 0 ? [t('{running} under way', { running: count(running) })] : []),
    ].join(', '),
    unpriced > 0
      ? t('{cost} and {unpriced} without a price', { cost: money(costUsd), unpriced: count(unpriced) })
      : money(costUsd),
    t('{tokens} tokens', { tokens: count(tokens) }),
    t('{durationMs} in all', { durationMs: duration(durationMs) }),
  ].join(' · ');
}

export function FoundTotals({ filters }: { filters: ExecutionFilters }) {
  const totals = useQuery(totalsQuery(filters));
  const [asked, setAsked] = useState<'cancel' | 'retry'>();
  const read = useRead({ isSaid: true });
  const acts = useActs(filters, () => setAsked(undefined));
  // Its line is kept free until then: rows that move beneath a press take it from whoever makes it.
  if (totals.data === undefined) return totals.error ? null : <div className={line} />;
  if (totals.data.executions === 0) return null;
  const { waiting, failed, unread } = totals.data;
  const some = (of: number): string => (of > most ? t('the newest {most}', { most }) : count(of));
  const readAll = async () => {
    const rows = await listItems(
      api.listExecutions,
      { query: { ...(filters as object), unread: 'true' } },
      { max: most },
    );
    if (rows.length > 0) read.mutate(rows.map(({ id }) => id));
  };
  return (
    <div className={line}>
      <p role="status" className="mr-auto tabular-nums">
        {totalsInWords(totals.data)}
      </p>
      {unread > 0 ? (
        <Button size="sm" busy={read.isPending} onClick={() => void readAll().catch(sayProblem)}>
          {t('Mark {unread} as read', { unread: some(unread) })}
        </Button>
      ) : null}
      {waiting > 0 ? (
        <Button size="sm" onClick={() => setAsked('cancel')}>
          {t('Cancel {waiting} waiting', { waiting: some(waiting) })}
        </Button>
      ) : null}
      {failed > 0 ? (
        <Button size="sm" onClick={() => setAsked('retry')}>
          {t('Run {failed} failed again', { failed: some(failed) })}
        </Button>
      ) : null}
      <Confirm
        open={asked === 'cancel'}
        onClose={() => setAsked(undefined)}
        onConfirm={() => acts.cancel.mutate()}
        busy={acts.cancel.isPending}
        title={t('Cancel {waiting, plural, one {# run} other {# runs}}?', {
          waiting: Math.min(waiting, most),
        })}
        verb={t('Cancel them')}
        keep={t('Let them wait')}
      >
        {t(
          'Whatever is looked for and waits, for its turn or for you, ends as cancelled. What runs already goes on.',
        )}
      </Confirm>
      <Confirm
        open={asked === 'retry'}
        onClose={() => setAsked(undefined)}
        onConfirm={() => acts.retry.mutate({ from: 'start', version: 'current' })}
        busy={acts.retry.isPending}
        title={t('Run {failed, plural, one {# failed run} other {# failed runs}} again?', {
          failed: Math.min(failed, most),
        })}
        verb={t('Run them again')}
        keep={t('Leave them')}
      >
        {t(
          'Each runs once more with the input that it had, and with its skill as it is now: what a step did before it failed is done again. Those that were run again already are left out.',
        )}
      </Confirm>
    </div>
  );
}

function useActs(filters: ExecutionFilters, onEnd: () => void) {
  const queries = useQueryClient();
  const onSettled = async () => {
    onEnd();
    await queries.invalidateQueries({ queryKey: ['executions'] });
  };
  /** Those of a status that fit; none where another is looked for. */
  const idsOf = async (status: 'queued' | 'waiting_approval' | 'failed'): Promise<string[]> => {
    if (filters.status !== undefined && filters.status !== status) return [];
    const query = { ...(filters as object), status };
    const rows = await listItems(api.listExecutions, { query }, { max: most });
    return rows.filter(({ mode }) => status !== 'failed' || mode !== 'replay').map(({ id }) => id);
  };
  const cancel = useMutation({
    mutationFn: async () => {
      const ids = [...(await idsOf('queued')), ...(await idsOf('waiting_approval'))].slice(0, most);
      return ids.length === 0 ? { cancelled: 0 } : await api.cancelExecutions({ body: { ids } });
    },
    onSuccess: ({ cancelled }) =>
      say(t('{cancelled, plural, one {# run} other {# runs}} cancelled', { cancelled })),
    onError: sayProblem,
    onSettled,
  });
  const retry = useMutation({
    mutationFn: async (how: RetryRequest) => {
      const ids = await idsOf('failed');
      return ids.length === 0
        ? { started: [], refused: [] }
        : await api.retryExecutions({ body: { ids, ...how } });
    },
    onSuccess: ({ started, refused }) =>
      say(
        t('{started, plural, one {# run} other {# runs}} started again', { started: started.length }),
        refused.length === 0
          ? undefined
          : t('{refused} left out: {message}', {
              refused: count(refused.length),
              message: refused[0]?.message ?? '',
            }),
      ),
    onError: sayProblem,
    onSettled,
  });
  return { cancel, retry };
}
