/** From an MCP server's address to the page where a person signs in. Keeps nothing; dials what the server's metadata names. */
import { randomBytes } from 'node:crypto';
import { computeScopeUnion, startAuthorization } from '@modelcontextprotocol/client';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { authMethodOf } from './authenticate-client.ts';
import { type ClientChoice, chooseClient, type KnownClient } from './choose-client.ts';
import { type Challenge, challengeOf, type Discovery, discover } from './discover.ts';
import { metadataFetch, registrationFetch, shortText } from './login-fetch.ts';

export type LoginWish = Pick<
  ClientChoice,
  'redirectUri' | 'documentUrl' | 'known' | 'byHand' | 'guessEndpoints'
> & {
  /** The MCP server's address. */
  serverUrl: URL;
  /** What a person wants to ask for; else what the server says that it wants. */
  scope?: string | undefined;
  /** What was asked for before, and what a call was refused for want of: a new login must not lose the one nor the other. */
  keep: readonly (string | undefined)[];
  /** Some servers refuse every request that says which server it is for. */
  omitResource: boolean;
  fetch: GuardedFetch['fetch'];
};

/** A sign-in that has begun: what is needed to finish it. Its verifier is a secret of the process. */
export type LoginPlan = {
  authorizationUrl: string;
  state: string;
  verifier: string;
  client: KnownClient;
  discovery: Discovery;
  resource: string | undefined;
  scope: string | undefined;
};

/** @throws AlfredError E_LOGIN_FAILED, E_ADDRESS_REFUSED, E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT, E_TOO_LARGE */
export async function planLogin(wish: LoginWish): Promise<LoginPlan> {
  const { serverUrl, redirectUri, fetch } = wish;
  const challenge = await askForChallenge(serverUrl, fetch);
  const discovery = await discover(serverUrl, challenge, metadataFetch(fetch));
  const scope = scopeOf(wish, challenge, discovery);
  const chosen = await chooseClient({ ...wish, discovery, scope, fetch: registrationFetch(fetch) });
  const { metadata, issuer } = discovery;
  const client = {
    ...chosen,
    authMethod: authMethodOf(chosen, metadata?.token_endpoint_auth_methods_supported),
  };
  const resource = wish.omitResource ? undefined : discovery.resource;
  const state = randomBytes(32).toString('base64url');
  const { authorizationUrl, codeVerifier } = await startAuthorization(issuer, {
    clientInformation: { client_id: client.clientId },
    redirectUrl: redirectUri,
    state,
    ...(metadata === undefined ? {} : { metadata }),
    ...(scope === undefined ? {} : { scope }),
    // As it was written: an URL made of it may end in another slash.
    ...(resource === undefined ? {} : { resource }),
  }).catch((error: unknown) => {
    throw new AlfredError(
      'E_LOGIN_FAILED',
      `${issuer} cannot sign people in to Alfred: ${shortText(messageOf(error))}`,
    );
  });
  assertPage(authorizationUrl, issuer);
  return {
    authorizationUrl: authorizationUrl.href,
    state,
    verifier: codeVerifier,
    client,
    discovery,
    resource,
    scope,
  };
}

/** What a stranger may ask for first: some servers say who they are to anybody, and refuse at the tools alone. */
const firstWords = ['server/discover', 'initialize', 'tools/list'];

/** Asks as a stranger, for what a server says to one. */
async function askForChallenge(serverUrl: URL, fetch: GuardedFetch['fetch']): Promise<Challenge> {
  for (const method of firstWords) {
    const response = await sayAsStranger(serverUrl, method, fetch);
    if (response.status === 401 || response.status === 403) return challengeOf(response);
  }
  return {};
}

async function sayAsStranger(
  serverUrl: URL,
  method: string,
  fetch: GuardedFetch['fetch'],
): Promise<Response> {
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'alfred-vm', version: '0.1.0' },
  };
  const response = await fetch(
    serverUrl,
    {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 0, method, params: method === 'initialize' ? params : {} }),
    },
    { headersTimeoutMs: 15_000, totalTimeoutMs: 20_000, maxBytes: 1_048_576 },
  );
  await response.body?.cancel();
  return response;
}

function scopeOf(
  { scope, keep }: LoginWish,
  challenge: Challenge,
  { scopesSupported, metadata }: Discovery,
): string | undefined {
  const wanted = scope ?? computeScopeUnion(...keep, challenge.scope ?? scopesSupported?.join(' '));
  // Without it the two strictest servers give no leave to renew; one that does not list it may refuse it.
  const renews = metadata?.scopes_supported?.includes('offline_access') === true;
  return wanted !== undefined && renews ? computeScopeUnion(wanted, 'offline_access') : wanted;
}

/** A page is opened in the owner's browser: by https, or on this machine or network by http, and nothing else. */
function assertPage(url: URL, issuer: string): void {
  if (url.protocol === 'https:') return;
  if (url.protocol === 'http:' && new URL(issuer).protocol === 'http:') return;
  throw new AlfredError(
    'E_LOGIN_FAILED',
    `${shortText(issuer)} wants people to sign in at an address that begins with ${shortText(url.protocol)}: that is no page to be opened.`,
    { remedy: 'Do not sign in there; tell whoever runs the server.' },
  );
}
