/** Writes settings, one after the other in their order; an empty value takes one away. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, api } from '../api/client.ts';
import { say } from '../ui/toast.tsx';

export function usePutConfig() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (entries: { key: string; value: string }[]) => {
      for (const { key, value } of entries) {
        if (value === '') await api('DELETE', `/api/v1/config/${key}`).catch(unlessMissing);
        else await api('PUT', `/api/v1/config/${key}`, { value });
      }
    },
    onSuccess: () => say('Saved'),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['config'] });
      await queries.invalidateQueries({ queryKey: ['model'] });
    },
  });
}

/** Taking away what is not there is done already. */
function unlessMissing(error: unknown): void {
  if (!(error instanceof ApiError) || error.problem.status !== 404) throw error;
}
