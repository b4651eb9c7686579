import type { QueryClient } from '@tanstack/react-query';
import {
  approvalsQuery,
  backupsQuery,
  budgetQuery,
  configQuery,
  connectionsQuery,
  executionsQuery,
  modelQuery,
  proposalsQuery,
  skillsQuery,
  statsQuery,
  stopQuery,
} from '../api/queries.ts';
import { excerpt, latest, ofToday, startOfToday } from './first-reads.ts';

export const latestRuns = executionsQuery({}, latest, excerpt);
export const runsOfToday = () => executionsQuery({ from: startOfToday() }, ofToday);

/** Reads all that Home shows. What cannot be read is told where it would be shown. */
export async function readHome(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.prefetchInfiniteQuery(latestRuns),
    queries.prefetchQuery(skillsQuery),
    queries.prefetchInfiniteQuery(runsOfToday()),
    queries.prefetchQuery(budgetQuery),
    queries.prefetchQuery(modelQuery),
    queries.prefetchQuery(stopQuery),
    queries.prefetchQuery(approvalsQuery(undefined)),
    queries.prefetchQuery(connectionsQuery),
    queries.prefetchQuery(statsQuery(7)),
    queries.prefetchQuery(configQuery),
    queries.prefetchInfiniteQuery(proposalsQuery('open')),
    queries.prefetchQuery(backupsQuery),
  ]);
}
