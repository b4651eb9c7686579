import { queryOptions } from '@tanstack/react-query';
import { listItems } from '../../src/contract/list-items.ts';
import { api } from '../api/api.ts';

/** Programs that the owner let in. */
export const appsQuery = queryOptions({
  queryKey: ['apps'],
  queryFn: ({ signal }) => listItems(api.listApps, {}, { signal }),
});
