import { useQuery } from '@tanstack/react-query';
import type { ComponentType, ReactNode } from 'react';
import { isAway } from '../api/client.ts';
import { loadCode } from '../api/load-code.ts';
import { t } from '../words/t.ts';
import { Button } from './button.tsx';
import { ProblemNote } from './problem.tsx';

/** Each has a key of its own. */
let parts = 0;

/**
 * A part of a page whose code comes when it is first shown. Where it does not come, that is said in its place: it comes by itself
 * when the server is back, or when it is tried again.
 *
 * @param load imports it
 * @param waiting what stands in its place meanwhile
 */
export function onDemand<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: (props: Props) => ReactNode = () => null,
): ComponentType<Props> {
  const queryKey = ['code', parts++];
  return function OnDemand(props: Props) {
    const { data, error, refetch } = useQuery({
      queryKey,
      queryFn: async () => ({ Part: await loadCode(load) }),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
      retry: 1,
    });
    if (data) return <data.Part {...props} />;
    return error ? <NotCome error={error} onRetry={() => void refetch()} /> : waiting(props);
  };
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
    // The server is up and has no such file: it is another version's by now.
    <ProblemNote
      error={new Error(t('A part of this page did not come. Alfred may have been updated meanwhile.'))}
      action={
        <Button size="sm" onClick={() => location.reload()}>
          {t('Load the page anew')}
        </Button>
      }
    />
  );
