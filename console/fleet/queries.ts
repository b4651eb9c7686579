/** What Core's page reads. */
import { queryOptions } from '@tanstack/react-query';
import type { CoreSession, CoreUser, FleetEntry } from '../../src/contract/fleet.ts';
import { queryOf, request } from '../api/client.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => request<CoreSession>('GET', '/v1/session', undefined, { signal }),
  retry: false,
  staleTime: 60_000,
});

/** @param month such as 2026-11 */
export const fleetQuery = (month: string) =>
  queryOptions({
    queryKey: ['fleet', month],
    queryFn: async ({ signal }) =>
      (await request<{ items: FleetEntry[] }>('GET', `/v1/fleet${queryOf({ month })}`, undefined, { signal }))
        .items,
    refetchInterval: 30_000,
  });

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async ({ signal }) =>
    (await request<{ items: CoreUser[] }>('GET', '/v1/users', undefined, { signal })).items,
});
