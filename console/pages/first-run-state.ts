/** How far a newcomer has come, by what is true of the VM; and what they chose to leave out, which is kept in its settings. */
import { useInfiniteQuery, useMutation, useQueries, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { configQuery, connectionsQuery, executionsQuery, modelQuery, skillsQuery } from '../api/queries.ts';
import { sayProblem } from '../ui/toast.tsx';

export const firstSteps = ['model', 'connection', 'skill', 'run'] as const;
export type FirstStep = (typeof firstSteps)[number];
export type FirstRun = Record<FirstStep, 'done' | 'skipped' | 'open'>;

/** What is there from the first start on: not yet the owner's own. */
const demonstration = new Set(['files', 'memory', 'house-report']);
const skippedKey = 'guide_skipped';

/** Undefined until it is known. */
export function useFirstRun(): FirstRun | undefined {
  const [model, connections, skills, config] = useQueries({
    queries: [modelQuery, connectionsQuery, skillsQuery, configQuery],
  });
  const runs = useInfiniteQuery({ ...executionsQuery({ status: 'succeeded' }, 1), refetchInterval: 5000 });
  if (!model.data || !connections.data || !skills.data || !config.data || !runs.data) return undefined;
  const skipped = skippedIn(config.data);
  const isDone: Record<FirstStep, boolean> = {
    model: !model.data.rehearsal,
    connection: connections.data.some(({ name }) => !demonstration.has(name)),
    skill: skills.data.some(({ slug, isSystem }) => !isSystem && !demonstration.has(slug)),
    run: (runs.data.pages[0]?.items.length ?? 0) > 0,
  };
  const stateOf = (step: FirstStep) => (isDone[step] ? 'done' : skipped.has(step) ? 'skipped' : 'open');
  return Object.fromEntries(firstSteps.map((step) => [step, stateOf(step)])) as FirstRun;
}

const skippedIn = (config: { key: string; value?: unknown }[]): Set<unknown> => {
  const value = config.find(({ key }) => key === skippedKey)?.value;
  return new Set(typeof value === 'string' ? value.split(',') : []);
};

/** Leaves steps out, on every device of the owner. */
export function useSkip() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (steps: readonly FirstStep[]) => {
      const skipped = skippedIn(await queries.fetchQuery(configQuery));
      const value = [...new Set([...skipped, ...steps])].join(',');
      await api('PUT', `/api/v1/config/${skippedKey}`, { value });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['config'] }),
    onError: sayProblem,
  });
}
