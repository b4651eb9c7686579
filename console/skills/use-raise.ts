import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { money } from '../ui/format.ts';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import type { Raise } from './met-cap.ts';
import { useGoBack } from './use-go-back.ts';

type Raised = { raise: Raise; skill: Pick<Skill, 'id' | 'slug' | 'name' | 'version'> | undefined };

/** Raises a cap, of a skill by a new version that differs in nothing else; says so, and offers the way back. */
export function useRaise() {
  const queries = useQueryClient();
  const back = useGoBack();
  const put = (key: string, usd: number) => api.putConfig({ params: { key }, body: { value: String(usd) } });
  const readAnew = () =>
    Promise.all(
      ['skills', 'budget', 'config'].map((noun) => queries.invalidateQueries({ queryKey: [noun] })),
    );
  const lower = useMutation({
    mutationFn: ({ key, usd }: { key: string; usd: number }) => put(key, usd),
    onSuccess: () => say(t('As before')),
    onError: sayProblem,
    onSettled: readAnew,
  });
  return useMutation({
    /** @returns the way back */
    mutationFn: async ({ raise, skill }: Raised): Promise<(() => void) | undefined> => {
      const { capUsd, toUsd } = raise;
      if ('key' in raise) {
        await put(raise.key, toUsd);
        return () => lower.mutate({ key: raise.key, usd: capUsd });
      }
      if (skill === undefined) return undefined;
      const { id, slug, version } = skill;
      await api.updateSkill(
        { params: { slug }, body: { [raise.field]: toUsd } },
        { etag: `"${id}.${version}"` },
      );
      return () => back.mutate({ slug, version });
    },
    onSuccess: async (undo, { raise, skill }) => {
      await readAnew();
      say(
        t('Raised to {amount}', { amount: money(raise.toUsd) }),
        whatMayCost(raise, skill?.name ?? ''),
        undo,
      );
    },
    onError: sayProblem,
  });
}

function whatMayCost(raise: Raise, name: string): string {
  if ('key' in raise) {
    return raise.key === 'max_cost_per_day_usd'
      ? t('All runs of a day may cost that much now.')
      : t('All runs of a month may cost that much now.');
  }
  return {
    maxCostUsd: t('One run of {name} may cost that much now.', { name }),
    maxCostPerDayUsd: t('{name} may cost that much a day now.', { name }),
    maxCostPerMonthUsd: t('{name} may cost that much a month now.', { name }),
  }[raise.field];
}
