import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/api.ts';

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: async ({ signal }) => (await api.listChannels({}, { signal })).items,
  // Channels are told of things while nobody does anything on this page.
  refetchInterval: 30_000,
});
