/** Changes rows of every list of executions that is shown, before the server has answered. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { ListedExecution } from '../../src/contract/executions.ts';
import type { Page } from '../../src/contract/list-items.ts';

export const listedKey = ['executions', 'list'] as const;

export const patchListed = (
  queries: QueryClient,
  change: (row: ListedExecution) => ListedExecution,
): unknown =>
  queries.setQueriesData<InfiniteData<Page<ListedExecution>>>({ queryKey: listedKey }, (list) =>
    // What all of them come to stands under the same key, and is read again.
    list?.pages === undefined
      ? list
      : { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(change) })) },
  );
