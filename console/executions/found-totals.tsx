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
import { count, duration, money, plural } from '../ui/format.ts';
import { say, sayProblem } from '../ui/toast.tsx';

/** As many as one request takes; then again. */
const most = 200;

/** `14 runs, 2 failed · $0.42 · 12.4K tokens · 3 min 20 s in all` */
export function totalsInWords(totals: ExecutionTotals): string {
  const { executions, failed, running, waiting, costUsd, unpriced, tokens, durationMs } = totals;
  return [
    [
      plural(executions, 'run'),
      ...(failed > 0 ? [`${count(failed)} failed`] : []),
      ...(waiting > 0 ? [`${count(waiting)} waiting`] : []),
      ...(running > 0 ? [`${count(running)} under way`] : []),
    ].join(', '),
    `${money(costUsd)}${unpriced > 0 ? ` and ${count(unpriced)} without a price` : ''}`,
    `${count(tokens)} tokens`,
    `${duration(durationMs)} in all`,
  ].join(' · ');
}

export function FoundTotals({ filters }: { filters: ExecutionFilters }) {
  const totals = useQuery(totalsQuery(filters));
  const [asked, setAsked] = useState<'cancel' | 'retry'>();
  const read = useRead({ isSaid: true });
  const acts = useActs(filters, () => setAsked(undefined));
  if (totals.data === undefined || totals.data.executions === 0) return null;
  const { waiting, failed, unread } = totals.data;
  const some = (of: number): string => (of > most ? `the newest ${most}` : count(of));
  const readAll = async () => {
    const rows = await listItems(
      api.listExecutions,
      { query: { ...(filters as object), unread: 'true' } },
      { max: most },
    );
    if (rows.length > 0) read.mutate(rows.map(({ id }) => id));
  };
  return (
    <div className="mb-3 flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-ink-2">
      <p role="status" className="mr-auto tabular-nums">
        {totalsInWords(totals.data)}
      </p>
      {unread > 0 ? (
        <Button size="sm" busy={read.isPending} onClick={() => void readAll().catch(sayProblem)}>
          Mark {some(unread)} as read
        </Button>
      ) : null}
      {waiting > 0 ? (
        <Button size="sm" onClick={() => setAsked('cancel')}>
          Cancel {some(waiting)} waiting
        </Button>
      ) : null}
      {failed > 0 ? (
        <Button size="sm" onClick={() => setAsked('retry')}>
          Run {some(failed)} failed again
        </Button>
      ) : null}
      <Confirm
        open={asked === 'cancel'}
        onClose={() => setAsked(undefined)}
        onConfirm={() => acts.cancel.mutate()}
        busy={acts.cancel.isPending}
        title={`Cancel ${plural(Math.min(waiting, most), 'run')}?`}
        verb="Cancel them"
        keep="Let them wait"
      >
        Whatever is looked for and waits, for its turn or for you, ends as cancelled. What runs already goes
        on.
      </Confirm>
      <Confirm
        open={asked === 'retry'}
        onClose={() => setAsked(undefined)}
        onConfirm={() => acts.retry.mutate({ from: 'start', version: 'current' })}
        busy={acts.retry.isPending}
        title={`Run ${plural(Math.min(failed, most), 'failed run')} again?`}
        verb="Run them again"
        keep="Leave them"
      >
        Each runs once more with the input that it had, and with its skill as it is now: what a step did
        before it failed is done again. Those that were run again already are left out.
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
    onSuccess: ({ cancelled }) => say(`${plural(cancelled, 'run')} cancelled`),
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
        `${plural(started.length, 'run')} started again`,
        refused.length === 0 ? undefined : `${count(refused.length)} left out: ${refused[0]?.message ?? ''}`,
      ),
    onError: sayProblem,
    onSettled,
  });
  return { cancel, retry };
}
