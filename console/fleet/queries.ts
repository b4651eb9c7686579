/** What Core's page reads. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => api.showSession({}, { signal }),
  retry: false,
  staleTime: 60_000,
});

/** @param month such as 2026-11 */
export const fleetQuery = (month: string) =>
  queryOptions({
    queryKey: ['fleet', month],
    queryFn: async ({ signal }) => (await api.readFleet({ query: { month } }, { signal })).items,
    refetchInterval: 30_000,
  });

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async ({ signal }) => (await api.listUsers({}, { signal })).items,
});
