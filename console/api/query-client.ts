import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isAway, isUnauthenticated } from './client.ts';

/** Of what is asked to learn who is signed in. */
export const sessionKey = ['session'] as const;

/**
 * What the server refused it refuses again; what could not be reached may be back. Whoever asks and is told that nobody is
 * signed in, or is told nothing, has the session looked at again: the shell goes by that alone. Who tries to sign in
 * (`meta.signsIn`) is refused for what they sent.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown): void => {
    if (isUnauthenticated(error) || isAway(error)) void client.invalidateQueries({ queryKey: sessionKey });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryKey }) => (queryKey[0] === sessionKey[0] ? undefined : onError(error)),
    }),
    mutationCache: new MutationCache({
      onError: (error, _input, _before, { meta }) => (meta?.signsIn === true ? undefined : onError(error)),
    }),
    defaultOptions: {
      queries: {
        staleTime: 2000,
        retry: (failures, error) =>
          failures < 2 &&
          !(error instanceof ApiError && error.problem.status >= 400 && error.problem.status < 500),
      },
    },
  });
  return client;
}
