/** How far a newcomer has come, by what is true of the VM; and what they chose to leave out, which is kept in its settings. */
import {
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { Model } from '../../src/contract/model.ts';
import { api } from '../api/api.ts';
import { configQuery, connectionsQuery, executionsQuery, modelQuery, skillsQuery } from '../api/queries.ts';
import { sayProblem } from '../ui/toast.ts';
import { latestRuns } from './home-queries.ts';

export const firstSteps = ['model', 'connection', 'skill', 'run'] as const;
export type FirstStep = (typeof firstSteps)[number];
export type FirstRun = Record<FirstStep, 'done' | 'skipped' | 'open'>;

/** What is there from the first start on: not yet the owner's own. */
const demonstration = new Set(['files', 'memory', 'house-report']);
const skippedKey = 'guide_skipped';

type Known = {
  model: Model;
  connections: readonly { name: string }[];
  skills: readonly { slug: string; isSystem: boolean }[];
  config: readonly { key: string; value?: unknown }[];
  hasRun: boolean;
};

function firstRunOf({ model, connections, skills, config, hasRun }: Known): FirstRun {
  const skipped = skippedIn(config);
  const isDone: Record<FirstStep, boolean> = {
    // A key that was refused is there, and yet is none.
    model: !model.rehearsal && model.trouble === null,
    connection: connections.some(({ name }) => !demonstration.has(name)),
    skill: skills.some(({ slug, isSystem }) => !isSystem && !demonstration.has(slug)),
    run: hasRun,
  };
  const stateOf = (step: FirstStep) => (isDone[step] ? 'done' : skipped.has(step) ? 'skipped' : 'open');
  return Object.fromEntries(firstSteps.map((step) => [step, stateOf(step)])) as FirstRun;
}

/** Whether the guide is shown. */
export const isOpen = (state: FirstRun | undefined): state is FirstRun =>
  state !== undefined && Object.values(state).includes('open');

const succeeded = (rows: readonly { status: string }[] = []): boolean =>
  rows.some(({ status }) => status === 'succeeded');

/** Undefined until it is known. */
export function useFirstRun(): FirstRun | undefined {
  const model = useQuery(modelQuery);
  const connections = useQuery(connectionsQuery);
  const skills = useQuery(skillsQuery);
  const config = useQuery(configQuery);
  // The latest say it, unless all of many failed.
  const latest = useInfiniteQuery(latestRuns).data?.pages[0];
  const hasRun = succeeded(latest?.items);
  const isKnown = hasRun || latest?.nextCursor === null;
  const older = useInfiniteQuery({
    ...executionsQuery({ status: 'succeeded' }, 1),
    enabled: latest !== undefined && !isKnown,
  });
  if (!model.data || !connections.data || !skills.data || !config.data || !latest) return undefined;
  if (!isKnown && !older.data) return undefined;
  return firstRunOf({
    model: model.data,
    connections: connections.data,
    skills: skills.data,
    config: config.data,
    hasRun: hasRun || succeeded(older.data?.pages[0]?.items),
  });
}

/** As far as it was read. */
export function firstRunIn(queries: QueryClient): FirstRun | undefined {
  const model = queries.getQueryData(modelQuery.queryKey);
  const connections = queries.getQueryData(connectionsQuery.queryKey);
  const skills = queries.getQueryData(skillsQuery.queryKey);
  const config = queries.getQueryData(configQuery.queryKey);
  const hasRun = succeeded(queries.getQueryData(latestRuns.queryKey)?.pages[0]?.items);
  return model && connections && skills && config
    ? firstRunOf({ model, connections, skills, config, hasRun })
    : undefined;
}

const skippedIn = (config: Known['config']): Set<unknown> => {
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
