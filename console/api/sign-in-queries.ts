/** What the console reads of who gets in. */
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { listItems } from '../../src/contract/list-items.ts';
import type { openSessionSchema } from '../../src/contract/session.ts';
import { api } from './api.ts';

export type OpenSession = z.infer<typeof openSessionSchema>;

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => listItems(api.listSessions, {}, { signal }),
});
