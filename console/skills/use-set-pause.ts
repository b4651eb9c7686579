import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

type Pause = { slug: string; until: string | null; said: string; before: string | null };

/** Sets until when a schedule is paused, or ends that, says so, and offers the way back. */
export function useSetPause() {
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: ({ slug, until }: Pause) =>
      api.updateSkill({ params: { slug }, body: { triggerConfig: { pausedUntil: until } } }),
    onSuccess: (_skill, { slug, until, said, before }) => {
      const undo = () => set.mutate({ slug, until: before, said: t('As before'), before });
      say(said, undefined, until === before ? undefined : undo);
      return queries.invalidateQueries({ queryKey: ['skills'] });
    },
    onError: sayProblem,
  });
  return set;
}
