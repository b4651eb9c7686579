/** Keeps what is shown of executions and approvals as it is: one stream tells what changed, while somebody looks. */

import {
  type InfiniteData,
  type QueryClient,
  type QueryFilters,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { addressOf } from '../../src/contract/address.ts';
import type { ExecutionSummary } from '../../src/contract/executions.ts';
import type { Page } from '../../src/contract/list-items.ts';
import type { News } from '../../src/contract/news.ts';
import { routes } from '../../src/contract/routes.ts';
import { approvalsQuery } from './queries.ts';
import { sessionKey } from './query-client.ts';
import { streamAgainMs } from './stream-again.ts';

type NewsOf<Name extends News['name']> = Extract<News, { name: Name }>['data'];

/** What is told in quick succession is read again once in so many milliseconds. */
const paceMs = 1000;
/** A list that somebody scrolled further than this is not read again under their eyes. */
const mostPages = 3;

type What = Pick<QueryFilters, 'queryKey' | 'exact'>;
// Of skills the list alone, which has their last runs: one that is being edited is left as it is.
const ofRuns: What[] = [
  { queryKey: ['executions', 'list'] },
  { queryKey: ['skills'], exact: true },
  { queryKey: ['budget'] },
  { queryKey: ['stats'] },
  { queryKey: ['conversations', 'list'] },
  // Whether it answers.
  { queryKey: ['model'] },
];
const ofSkills: What[] = [{ queryKey: ['skills'], exact: true }, { queryKey: ['skills', 'upcoming'] }];
const ofApprovals: What[] = [{ queryKey: ['approvals'] }];

/** @param isOn whether the server can be asked: a stream that it refused is not opened again by the browser */
export function useNews(isOn: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!isOn) return;
    const reader = createReader(queries);
    let source: EventSource | undefined;
    let isMissed = false;
    let timer = 0;
    const close = () => {
      window.clearTimeout(timer);
      source?.close();
      source = undefined;
    };
    const follow = () => {
      close();
      // A page that nobody sees keeps none of the six connections that a browser has.
      if (document.hidden) {
        isMissed = true;
        return;
      }
      source = new EventSource(
        addressOf(routes.followNews, { query: { topics: 'executions,approvals,skills' } }),
      );
      source.addEventListener('open', () => {
        if (isMissed) reader.read([...ofRuns, ...ofSkills, ...ofApprovals]);
        isMissed = true;
      });
      source.addEventListener('error', () => {
        isMissed = true;
        if (source?.readyState !== EventSource.CLOSED) return;
        // Whether nobody is signed in any more, or the server is away, the session says: then this ends.
        void queries.invalidateQueries({ queryKey: sessionKey });
        timer = window.setTimeout(follow, streamAgainMs);
      });
      source.addEventListener('executions', ({ data }: MessageEvent<string>) => {
        const { changed }: NewsOf<'executions'> = JSON.parse(data);
        patch(queries, changed);
        reader.read([...ofRuns, ...changed.map(({ id }) => ({ queryKey: ['executions', 'one', id] }))]);
      });
      source.addEventListener('skills', () => reader.read(ofSkills));
      source.addEventListener('approvals', ({ data }: MessageEvent<string>) => {
        const { pending }: NewsOf<'approvals'> = JSON.parse(data);
        // First it says what is there, which the page has mostly just read.
        const shown = queries.getQueryData(approvalsQuery(undefined).queryKey);
        if (idsOf(shown) !== idsOf(pending)) reader.read(ofApprovals);
      });
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close();
      reader.stop();
    };
  }, [queries, isOn]);
}

const idsOf = (approvals: readonly { id: string }[] | undefined): string | undefined =>
  approvals?.map(({ id }) => id).join();

type List = InfiniteData<Page<ExecutionSummary>>;

/** The status at once; the rest of the row when it is read again. */
function patch(queries: QueryClient, changed: NewsOf<'executions'>['changed']): void {
  const statuses = new Map(changed.map(({ id, status }) => [id, status]));
  const withStatus = (row: ExecutionSummary): ExecutionSummary => {
    const status = statuses.get(row.id);
    return status === undefined ? row : { ...row, status };
  };
  queries.setQueriesData<List>({ queryKey: ['executions', 'list'] }, (list) =>
    // What all of them come to stands under the same key.
    list?.pages === undefined
      ? list
      : { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(withStatus) })) },
  );
}

/** Reads again what is shown of each key, at once and then no more often than the pace. */
function createReader(queries: QueryClient) {
  const due = new Map<string, What>();
  let timer = 0;
  let last = Number.NEGATIVE_INFINITY;
  const run = () => {
    timer = 0;
    last = performance.now();
    for (const what of due.values()) {
      void queries.invalidateQueries({
        ...what,
        predicate: ({ state }) => ((state.data as List | undefined)?.pages?.length ?? 0) <= mostPages,
      });
    }
    due.clear();
  };
  return {
    read(whats: readonly What[]) {
      for (const what of whats) due.set(String(what.queryKey), what);
      timer ||= window.setTimeout(run, Math.max(0, last + paceMs - performance.now()));
    },
    stop: () => window.clearTimeout(timer),
  };
}
