/** Makes the address of the page at which a person signs in. Keeps nothing; registers Alfred with the server where that is needed. */
import { randomBytes } from 'node:crypto';
import { startAuthorization } from '@modelcontextprotocol/client';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { authMethodOf } from './authenticate-client.ts';
import { type ClientChoice, chooseClient, type KnownClient } from './choose-client.ts';
import { registrationFetch, shortText } from './login-fetch.ts';
import type { LoginPlace } from './login-place.ts';
import { dressPage } from './provider-ways.ts';

export type LoginWish = LoginPlace &
  Pick<ClientChoice, 'redirectUri' | 'documentUrl' | 'known' | 'byHand' | 'guessEndpoints'> & {
    fetch: GuardedFetch['fetch'];
  };

/** A sign-in that has begun: what is needed to finish it. Its verifier is a secret of the process. */
export type LoginPlan = LoginPlace & {
  authorizationUrl: string;
  state: string;
  verifier: string;
  client: KnownClient;
};

/** @throws AlfredError E_LOGIN_FAILED, E_ADDRESS_REFUSED, E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT, E_TOO_LARGE */
export async function planLogin(wish: LoginWish): Promise<LoginPlan> {
  const { discovery, scope, resource, endpoints, provider, redirectUri, fetch } = wish;
  const { metadata, issuer } = discovery;
  if (!hasPage(wish)) {
    throw new AlfredError('E_LOGIN_FAILED', `${issuer} has no page to sign in at.`, {
      remedy: 'Sign in with a code on another device: --device.',
    });
  }
  const chosen = await chooseClient({ ...wish, fetch: registrationFetch(fetch) });
  const client = {
    ...chosen,
    authMethod: authMethodOf(chosen, metadata?.token_endpoint_auth_methods_supported),
  };
  const state = randomBytes(32).toString('base64url');
  const { authorizationUrl, codeVerifier } = await startAuthorization(issuer, {
    clientInformation: { client_id: client.clientId },
    redirectUrl: redirectUri,
    state,
    ...(metadata === undefined ? {} : { metadata }),
    ...(scope === undefined ? {} : { scope }),
    // The text as it was written: parsed as a URL it may get another slash at its end.
    ...(resource === undefined ? {} : { resource }),
  }).catch((error: unknown) => {
    throw new AlfredError(
      'E_LOGIN_FAILED',
      `${issuer} cannot sign people in to Alfred: ${shortText(messageOf(error))}`,
    );
  });
  assertPage(authorizationUrl, issuer);
  dressPage(authorizationUrl, provider);
  return {
    authorizationUrl: authorizationUrl.href,
    state,
    verifier: codeVerifier,
    ...{ client, discovery, resource, scope, endpoints, provider },
  };
}

/** Whether there is a page to go to; of a server that says nowhere where it is, only where somebody has named one. */
export const hasPage = ({ endpoints }: Pick<LoginPlace, 'endpoints'>): boolean =>
  endpoints === undefined || endpoints.authorization !== undefined;

/** A page is opened in the owner's browser: by https, or on this machine or network by http, and nothing else. */
export function assertPage(url: URL, issuer: string): void {
  if (url.protocol === 'https:') return;
  if (url.protocol === 'http:' && new URL(issuer).protocol === 'http:') return;
  throw new AlfredError(
    'E_LOGIN_FAILED',
    `${shortText(issuer)} wants people to sign in at an address that begins with ${shortText(url.protocol)}: that is no page to be opened.`,
    { remedy: 'Do not sign in there; tell whoever runs the server.' },
  );
}
