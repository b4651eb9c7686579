/** What the console reads beside a list of executions: what they come to, and what is looked for again. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';
import type { ExecutionFilters } from './queries.ts';

/** What those that fit come to; it changes with the list. */
export const totalsQuery = (filters: ExecutionFilters) =>
  queryOptions({
    queryKey: ['executions', 'list', 'totals', filters],
    queryFn: ({ signal }) => api.readExecutionTotals({ query: { ...(filters as object) } }, { signal }),
  });

export const savedFiltersQuery = queryOptions({
  queryKey: ['filters'],
  queryFn: async ({ signal }) => (await api.listSavedFilters({}, { signal })).items,
});
