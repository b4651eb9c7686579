/** Where a person signs in for a connection, however that was found out, and what is asked for there. */

import { providerCalled } from '../../contract/known-providers/known-providers.ts';
import type { LoginEndpoints, OAuthLogin } from '../../contract/login-config.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { type Discovery, readServer, type ServerMetadata } from './discover.ts';
import type { FetchLike } from './login-fetch.ts';

export type LoginPlace = {
  discovery: Discovery;
  scope: string | undefined;
  /** For whom the token is to be, where that is said. */
  resource: string | undefined;
  /** Of a server that says nowhere itself where it is. */
  endpoints?: LoginEndpoints | undefined;
  /** The one of Alfred's own list that it is. */
  provider?: string | undefined;
};

const methodsOf = (provider: string | undefined): string[] | undefined => {
  const known = providerCalled(provider);
  return known && [known.send === 'basic' ? 'client_secret_basic' : 'client_secret_post', 'none'];
};

/** Addresses that somebody has named, in the form of a server's own metadata. */
export function metadataOf(
  issuer: string,
  { authorization, token, device, revocation }: LoginEndpoints,
  provider: string | undefined,
  send?: 'basic' | 'body',
): ServerMetadata {
  const methods =
    send === undefined
      ? methodsOf(provider)
      : [send === 'basic' ? 'client_secret_basic' : 'client_secret_post', 'none'];
  return {
    issuer,
    authorization_endpoint: authorization ?? token,
    token_endpoint: token,
    response_types_supported: ['code'],
    ...(methods === undefined ? {} : { token_endpoint_auth_methods_supported: methods }),
    ...(device === undefined ? {} : { device_authorization_endpoint: device }),
    ...(revocation === undefined ? {} : { revocation_endpoint: revocation }),
  };
}

/**
 * The server of a login that is there, as it was when the person signed in or as it says itself now.
 *
 * @throws AlfredError E_LOGIN_FAILED, and what `fetch` throws
 */
export async function serverOf(
  { issuer, endpoints, provider }: Pick<OAuthLogin, 'issuer' | 'endpoints' | 'provider'>,
  fetch: FetchLike,
): Promise<ServerMetadata | undefined> {
  if (issuer === undefined) throw new AlfredError('E_LOGIN_FAILED', 'Nobody knows who gave these tokens.');
  if (endpoints !== undefined) return metadataOf(issuer, endpoints, provider);
  return readServer(issuer, fetch);
}
