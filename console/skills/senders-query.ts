import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';

/** The senders of webhooks by name: they change with the program alone. */
export const sendersQuery = queryOptions({
  queryKey: ['webhook-senders'],
  queryFn: async ({ signal }) => (await api.listSenders({}, { signal })).items,
  staleTime: Number.POSITIVE_INFINITY,
});
