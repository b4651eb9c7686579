/** How far a newcomer has come, by what is true of the VM; and what they chose to leave out, which is kept in its settings. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { configQuery, connectionsQuery, executionsQuery, modelQuery, skillsQuery } from '../api/queries.ts';
import { sayProblem } from '../ui/toast.ts';

export const firstSteps = ['model', 'connection', 'skill', 'run'] as const;
export type FirstStep = (typeof firstSteps)[number];
export type FirstRun = Record<FirstStep, 'done' | 'skipped' | 'open'>;

/** What is there from the first start on: not yet the owner's own. */
const demonstration = new Set(['files', 'memory', 'house-report']);
const skippedKey = 'guide_skipped';

/** Undefined until it is known. */
export function useFirstRun(): FirstRun | undefined {
  const model = useQuery(modelQuery);
  const connections = useQuery(connectionsQuery);
  const skills = useQuery(skillsQuery);
  const config = useQuery(configQuery);
  const runs = useInfiniteQuery(executionsQuery({ status: 'succeeded' }, 1));
  if (!model.data || !connections.data || !skills.data || !config.data || !runs.data) return undefined;
  const skipped = skippedIn(config.data);
  const isDone: Record<FirstStep, boolean> = {
    // A key that was refused is there, and yet is none.
    model: !model.data.rehearsal && model.data.trouble === null,
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

/** Leaves steps out, on every device of the owner; here at once, so that the next press already knows of it. */
export function useSkip() {
  const queries = useQueryClient();
  const { queryKey } = configQuery;
  return useMutation({
    // One after the other: each writes all that was left out so far.
    scope: { id: skippedKey },
    mutationKey: [skippedKey],
    onMutate: async (steps: readonly FirstStep[]) => {
      await queries.cancelQueries({ queryKey });
      queries.setQueryData(queryKey, (config = []) => {
        const value = [...new Set([...skippedIn(config), ...steps])].join(',');
        const entry = { key: skippedKey, value, sealed: false, updatedAt: new Date().toISOString() };
        return [...config.filter(({ key }) => key !== skippedKey), entry];
      });
    },
    mutationFn: async () => {
      const value = [...skippedIn(queries.getQueryData(queryKey) ?? [])].join(',');
      await api.putConfig({ params: { key: skippedKey }, body: { value } });
    },
    // Read again behind the last one alone: what the server had between two would undo what is shown already.
    onSettled: () =>
      queries.isMutating({ mutationKey: [skippedKey] }) === 1
        ? queries.invalidateQueries({ queryKey })
        : undefined,
    onError: sayProblem,
  });
}
