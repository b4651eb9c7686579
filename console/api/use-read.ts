/** Says that the owner has read what came of runs: here at once, and on every device. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { api } from './api.ts';
import { listedKey, patchListed } from './patch-listed.ts';

/** @param options.isSaid whether it was asked for: then it is said, with the way back */
export function useRead({ isSaid = false }: { isSaid?: boolean } = {}) {
  const queries = useQueryClient();
  const readAgain = () => queries.invalidateQueries({ queryKey: listedKey });
  const set = (ids: string[], unread: boolean) =>
    patchListed(queries, (row) => (ids.includes(row.id) ? { ...row, unread } : row));
  const takeBack = (ids: string[]): void => {
    set(ids, true);
    void api.unreadExecutions({ body: { ids } }).then(readAgain, sayProblem);
  };
  return useMutation({
    mutationFn: (ids: string[]) => api.readExecutions({ body: { ids } }),
    onMutate: (ids) => void set(ids, false),
    onSuccess: async (_, ids) => {
      if (!isSaid) return;
      say(
        t('{ids, plural, one {# result} other {# results}} marked as read', { ids: ids.length }),
        undefined,
        () => takeBack(ids),
      );
      await readAgain();
    },
    onError: async (error) => {
      sayProblem(error);
      await readAgain();
    },
  });
}
