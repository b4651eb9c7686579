/**
 * Programs whose client ID is an address: the document there says who they are (OAuth Client ID Metadata Document). It is a
 * stranger's: read by the guarded fetch, small, at once, from nowhere else than the address itself; and only for a signed-in
 * owner, so that no stranger has this VM fetch anything.
 */
import { z } from 'zod';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import { readCapped } from '../outbound/guard-body.ts';
import type { FetchLimits, GuardedFetch } from '../outbound/guarded-fetch.ts';
import type { AppClient } from './app-client.ts';
import { kindOfRedirect } from './redirect-uri.ts';

const maxBytes = 64 * 1024;
const limits: Partial<FetchLimits> = {
  ...{ headersTimeoutMs: 5000, idleTimeoutMs: 5000, totalTimeoutMs: 8000 },
  maxBytes,
};

/** Whether a client ID is the address of a document: https, with a path, in its normal spelling. */
export function isDocumentId(clientId: string): boolean {
  if (!clientId.startsWith('https://') || clientId.length > 500 || !URL.canParse(clientId)) return false;
  const { href, pathname, username, password, hash } = new URL(clientId);
  return (
    href === clientId && pathname !== '/' && username + password + hash === '' && !clientId.includes('#')
  );
}

/** The host that vouches for a client ID; null where nobody does. */
export const publisherOf = (clientId: string): string | null =>
  isDocumentId(clientId) ? new URL(clientId).host : null;

const documentSchema = z.object({
  client_id: z.string(),
  client_name: z.string().trim().min(1).max(100).optional().catch(undefined),
  redirect_uris: z.array(z.string()).min(1).max(50),
  token_endpoint_auth_method: z.string().default('none'),
  client_secret: z.undefined({ error: 'stands there for everybody to read' }).optional(),
});

/**
 * @param clientId of which `isDocumentId` holds
 * @throws AlfredError E_CONNECTION_FAILED, E_ADDRESS_REFUSED, E_VALIDATION
 */
export async function readClientDocument(fetch: GuardedFetch['fetch'], clientId: string): Promise<AppClient> {
  const { host } = new URL(clientId);
  const parsed = documentSchema.safeParse(await readJson(fetch, clientId));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unusable(host, `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'is not right'}`);
  }
  const { client_id: named, client_name: name, redirect_uris: uris, ...rest } = parsed.data;
  if (named !== clientId) throw unusable(host, 'it is the document of another client_id');
  if (rest.token_endpoint_auth_method !== 'none')
    throw unusable(host, 'it wants to prove itself by a key or a secret, which is not supported here');
  const redirectUris = uris.filter((uri) => kindOfRedirect(uri) !== undefined);
  return { id: clientId, name: name ?? host, redirectUris, publisher: host };
}

async function readJson(fetch: GuardedFetch['fetch'], clientId: string): Promise<unknown> {
  const { host } = new URL(clientId);
  try {
    const headers = { accept: 'application/json' };
    const response = await fetch(clientId, { headers, redirect: 'manual' }, limits);
    if (response.status !== 200) {
      await response.body?.cancel();
      throw unusable(host, `there is HTTP ${response.status} at its address`);
    }
    const { bytes } = await readCapped(response, maxBytes);
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (isAlfredError(error, 'E_VALIDATION')) throw error;
    if (isAlfredError(error, 'E_TOO_LARGE')) throw unusable(host, `it is larger than ${maxBytes / 1024} KiB`);
    if (error instanceof SyntaxError) throw unusable(host, 'it is no JSON');
    // A refused address must be told from a server that is down.
    const code = isAlfredError(error) ? error.code : 'E_CONNECTION_FAILED';
    throw new AlfredError(code, `What ${host} says of the program cannot be read: ${messageOf(error)}`, {
      remedy: 'Try again later; or give the program an access token: Settings, Apps.',
      cause: error,
    });
  }
}

const unusable = (host: string, why: string): AlfredError =>
  new AlfredError('E_VALIDATION', `What ${host} says of the program cannot be used: ${why}.`, {
    remedy: 'Tell who makes it; or give the program an access token: Settings, Apps.',
  });
