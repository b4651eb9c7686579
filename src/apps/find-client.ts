/** Who is behind a client ID. */
import { AlfredError } from '../kernel/errors.ts';
import type { GuardedFetch } from '../outbound/guarded-fetch.ts';
import type { AppClient } from './app-client.ts';
import { isDocumentId, readClientDocument } from './client-document.ts';
import { readRegistration } from './registration.ts';

/** @throws AlfredError E_VALIDATION for no client ID of ours; what readClientDocument throws */
export async function findClient(fetch: GuardedFetch['fetch'], clientId: string): Promise<AppClient> {
  if (isDocumentId(clientId)) return readClientDocument(fetch, clientId);
  const client = readRegistration(clientId);
  if (client !== undefined) return client;
  throw new AlfredError('E_VALIDATION', 'The program that sent you here is not known by this client ID.', {
    remedy: 'Have it forget this server and add it again, so that it registers anew.',
  });
}
