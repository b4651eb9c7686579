/** What the console reads of who gets in. */
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { listItems } from '../../src/contract/list-items.ts';
import type { passkeySchema } from '../../src/contract/passkeys.ts';
import type { openSessionSchema } from '../../src/contract/session.ts';
import { api } from './api.ts';

export type OpenSession = z.infer<typeof openSessionSchema>;
export type Passkey = z.infer<typeof passkeySchema>;

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => listItems(api.listSessions, {}, { signal }),
});

export const signInWaysQuery = queryOptions({
  queryKey: ['sign-in-ways'],
  queryFn: ({ signal }) => api.showSignInWays({}, { signal }),
});

export const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: async ({ signal }) => (await api.listPasskeys({}, { signal })).items,
});
