/** Who did what at Core, the newest first. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { actWords } from '../../src/contract/core-act-words.ts';
import { Button } from '../ui/button.tsx';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { api } from './api.ts';

const atOnce = 10;

export function Acts() {
  const queries = useQueryClient();
  // Whatever is done on this page stands here.
  useEffect(
    () =>
      queries.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'success')
          void queries.invalidateQueries({ queryKey: ['acts'] });
      }),
    [queries],
  );
  const acts = useInfiniteQuery({
    queryKey: ['acts'],
    queryFn: ({ pageParam, signal }) =>
      api.listActs({ query: { limit: atOnce, before: pageParam } }, { signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ items }) => (items.length < atOnce ? undefined : items.at(-1)?.seq),
    refetchInterval: 60_000,
  });
  return (
    <Panel title="Who did what">
      {acts.error ? <ProblemNote error={acts.error} /> : null}
      {acts.isPending ? <SkeletonRows rows={2} /> : null}
      <ul aria-label="Acts" className="divide-y divide-line">
        {acts.data?.pages.flatMap(({ items, names }) =>
          items.map((act) => {
            const { who, did, what, how } = actWords(act, names);
            return (
              <li key={act.seq} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
                <span className="min-w-0 break-words">
                  <span className="font-medium">{who}</span> {did}
                  {what === '' ? null : (
                    <>
                      : <span className="font-medium">{what}</span>
                    </>
                  )}
                  {how === '' ? null : <span className="block text-[13px] text-ink-2">{how}</span>}
                </span>
                <span className="text-[13px] text-ink-2">
                  <Ago at={act.at} />
                </span>
              </li>
            );
          }),
        )}
      </ul>
      {acts.hasNextPage ? (
        <Button size="sm" look="quiet" busy={acts.isFetchingNextPage} onClick={() => acts.fetchNextPage()}>
          Show earlier ones
        </Button>
      ) : null}
      <p className="mt-3 text-[13px] text-ink-2">
        Each is chained to the one before it: <code>npx alfred core audit verify</code> says whether anybody
        changed this record.
      </p>
    </Panel>
  );
}
