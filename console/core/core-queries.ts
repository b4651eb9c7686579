/** What the page about Core reads of it. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.ts';

/** A POST, as with a link it makes the report that it shows. */
export const corePreviewQuery = queryOptions({
  queryKey: ['core', 'preview'],
  queryFn: ({ signal }) => api.previewCoreReport({}, { signal }),
});

export const coreReportsQuery = infiniteQueryOptions({
  queryKey: ['core', 'reports'],
  queryFn: ({ pageParam, signal }) =>
    api.listCoreReports(
      { query: { limit: 20, cursor: pageParam } },
      {
        signal,
      },
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});
