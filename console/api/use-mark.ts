/** Pins, rates or comments what came of a run: here at once, and on every device. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Execution } from '../../src/contract/executions.ts';
import type { MarkChange } from '../../src/contract/marks.ts';
import { sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { listedKey, patchListed } from './patch-listed.ts';
import { executionQuery } from './queries.ts';

export function useMark(id: string) {
  const queries = useQueryClient();
  const { queryKey } = executionQuery(id);
  const set = (change: MarkChange): void => {
    patchListed(queries, (row) =>
      row.id === id ? { ...row, mark: { ...row.mark, ...given(change) } } : row,
    );
    queries.setQueryData<Execution>(
      queryKey,
      (row) => row && { ...row, mark: { ...row.mark, ...given(change) } },
    );
  };
  return useMutation({
    mutationFn: (change: MarkChange) => api.markExecution({ params: { id }, body: change }),
    onMutate: set,
    // As it was kept: without the secrets that a comment held.
    onSuccess: set,
    onError: async (error) => {
      sayProblem(error);
      await queries.invalidateQueries({ queryKey });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: listedKey }),
  });
}

/** What is named, and no more. */
const given = ({ pinned, rating, comment }: MarkChange) => ({
  ...(pinned === undefined ? {} : { pinned }),
  ...(rating === undefined ? {} : { rating }),
  ...(comment === undefined ? {} : { comment }),
});
