/** Tries a connection whose secret was replaced, and says whether it answers with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

export function useTry(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.testConnection({ params: { name } }),
    onSuccess: ({ ok, message }) =>
      ok ? say(t('{name} answers', { name })) : say(t('{name} does not work with it', { name }), message),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  });
}
