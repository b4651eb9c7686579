import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';

/** What the server refused it refuses again; what could not be reached may be back. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2000,
        retry: (failures, error) =>
          failures < 2 &&
          !(error instanceof ApiError && error.problem.status >= 400 && error.problem.status < 500),
      },
    },
  });
