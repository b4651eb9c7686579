import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/api.ts';

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: async ({ signal }) => (await api.listChannels({}, { signal })).items,
  // They are told without anybody here.
  refetchInterval: 30_000,
});
