/** Says that the owner has read what came of runs: here at once, and on every device. */
import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ListedExecution } from '../../src/contract/executions.ts';
import type { Page } from '../../src/contract/list-items.ts';
import { sayProblem } from '../ui/toast.tsx';
import { api } from './api.ts';

export function useRead() {
  const queries = useQueryClient();
  const queryKey = ['executions', 'list'];
  return useMutation({
    mutationFn: (ids: string[]) => api.readExecutions({ body: { ids } }),
    onMutate: (ids) => {
      const asRead = (row: ListedExecution) => (ids.includes(row.id) ? { ...row, unread: false } : row);
      queries.setQueriesData<InfiniteData<Page<ListedExecution>>>(
        { queryKey },
        (list) =>
          list && { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(asRead) })) },
      );
    },
    onError: async (error) => {
      sayProblem(error);
      await queries.invalidateQueries({ queryKey });
    },
  });
}
