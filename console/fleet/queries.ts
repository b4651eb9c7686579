/** What Core's page reads. */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { FleetQuery } from '../../src/contract/fleet.ts';
import { api } from './api.ts';

/** After VMs or users changed: each stands with the other, a VM with its customer and a user with how many they have. */
export const readAnew = async (queries: QueryClient): Promise<void> => {
  await Promise.all(
    ['fleet', 'users', 'alerts'].map((noun) => queries.invalidateQueries({ queryKey: [noun] })),
  );
};

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
  refetchInterval: 30_000,
});

export const enrolmentsQuery = queryOptions({
  queryKey: ['enrolments'],
  queryFn: async ({ signal }) => (await api.listEnrolments({}, { signal })).items,
  // A VM that enrols goes from here to the list of VMs.
  refetchInterval: 30_000,
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await api.listTokens({}, { signal })).items,
});

export const monthsQuery = queryOptions({
  queryKey: ['months'],
  queryFn: ({ signal }) => api.listClosedMonths({}, { signal }),
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
