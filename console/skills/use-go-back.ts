import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

type Earlier = { slug: string; version: number };

/** Makes an earlier version of a skill the current one again, says so, and offers the way back from that. */
export function useGoBack() {
  const queries = useQueryClient();
  const back = useMutation({
    mutationFn: (params: Earlier) => api.restoreSkillVersion({ params }),
    onSuccess: async (skill, { slug, version }) => {
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(
        t('Version {version} is current again', { version }),
        t('As a new version: nothing in between is lost.'),
        () => back.mutate({ slug, version: skill.version - 1 }),
      );
    },
    onError: sayProblem,
  });
  return back;
}
