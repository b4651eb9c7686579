/** What Core's page reads. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { FleetQuery } from '../../src/contract/fleet.ts';
import { api } from './api.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => api.showSession({}, { signal }),
  retry: false,
  staleTime: 60_000,
});

export const fleetQuery = (query: FleetQuery) =>
  queryOptions({
    queryKey: ['fleet', query],
    queryFn: ({ signal }) => api.readFleet({ query }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

export const historyQuery = (id: string, query: { unit: 'day' | 'month'; last: number }) =>
  queryOptions({
    queryKey: ['history', id, query],
    queryFn: async ({ signal }) => (await api.readHistory({ params: { id }, query }, { signal })).items,
  });

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async ({ signal }) => (await api.listUsers({}, { signal })).items,
});

export const enrolmentsQuery = queryOptions({
  queryKey: ['enrolments'],
  queryFn: async ({ signal }) => (await api.listEnrolments({}, { signal })).items,
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await api.listTokens({}, { signal })).items,
});

export const monthsQuery = queryOptions({
  queryKey: ['months'],
  queryFn: async ({ signal }) => (await api.listClosedMonths({}, { signal })).items,
});

export const alertsQuery = queryOptions({
  queryKey: ['alerts'],
  queryFn: ({ signal }) => api.readAlerts({}, { signal }),
  refetchInterval: 60_000,
});

export const backupsQuery = queryOptions({
  queryKey: ['backups'],
  queryFn: ({ signal }) => api.readBackups({}, { signal }),
  refetchInterval: 60_000,
});

export const signInWaysQuery = queryOptions({
  queryKey: ['sign-in ways'],
  queryFn: ({ signal }) => api.readSignInWays({}, { signal }),
  staleTime: 300_000,
});

export const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: async ({ signal }) => (await api.listPasskeys({}, { signal })).items,
});
