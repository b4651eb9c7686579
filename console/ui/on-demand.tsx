import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import type { ComponentType, ReactNode } from 'react';
import { isAway } from '../api/client.ts';
import { loadCode } from '../api/load-code.ts';
import { t } from '../words/t.ts';
import { Button } from './button.tsx';
import { ProblemNote } from './problem.tsx';

/** `load` brings the code before the part is shown, and never fails: what does not come is told in its place. */
export type OnDemand<Props> = ComponentType<Props> & { load(queries: QueryClient): Promise<void> };

/** Each has a key of its own. */
let parts = 0;

/**
 * A part of a page whose code comes when it is first shown. Where it does not come, that is said in its place, and is
 * tried again: at a press, and when the server is back. Chromium keeps in mind what it could not import, and then the page is loaded anew.
 *
 * @param load imports it
 * @param waiting what stands in its place meanwhile
 */
export function onDemand<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: (props: Props) => ReactNode = () => null,
): OnDemand<Props> {
  const code = queryOptions({
    queryKey: ['code', parts++],
    queryFn: async () => ({ Part: await loadCode(load) }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: 1,
  });
  function Later(props: Props) {
    const { data, error, refetch } = useQuery(code);
    if (data) return <data.Part {...props} />;
    return error ? <NotCome error={error} onRetry={() => void refetch()} /> : waiting(props);
  }
  return Object.assign(Later, { load: (queries: QueryClient) => queries.prefetchQuery(code) });
}

const NotCome = ({ error, onRetry }: { error: Error; onRetry(): void }) =>
  isAway(error) ? (
    <ProblemNote
      error={error}
      action={
        <Button size="sm" onClick={onRetry}>
          {t('Try again')}
        </Button>
      }
    />
  ) : (
    // The server is up. Either it has no such file, which is another version's, or the browser does not ask for it again.
    <ProblemNote
      error={
        new Error(
          t('A part of this page did not come: the server was away for a moment, or Alfred was updated.'),
        )
      }
      action={
        <Button size="sm" onClick={() => location.reload()}>
          {t('Load the page anew')}
        </Button>
      }
    />
  );
