/** Where a person signs in to an MCP server: what it says to a stranger, and the metadata that this leads to. */
import { computeScopeUnion } from '@modelcontextprotocol/client';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { type Challenge, challengeOf, type Discovery, discover } from './discover.ts';
import { metadataFetch } from './login-fetch.ts';
import type { LoginPlace } from './login-place.ts';

export type McpLoginWish = {
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

/** @throws AlfredError E_LOGIN_FAILED, E_ADDRESS_REFUSED, E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT, E_TOO_LARGE */
export async function findMcpLogin(wish: McpLoginWish): Promise<LoginPlace> {
  const { serverUrl, fetch, omitResource } = wish;
  const challenge = await askForChallenge(serverUrl, fetch);
  const discovery = await discover(serverUrl, challenge, metadataFetch(fetch));
  return {
    discovery,
    scope: scopeOf(wish, challenge, discovery),
    resource: omitResource ? undefined : discovery.resource,
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
  { scope, keep }: McpLoginWish,
  challenge: Challenge,
  { scopesSupported, metadata }: Discovery,
): string | undefined {
  const wanted = scope ?? computeScopeUnion(...keep, challenge.scope ?? scopesSupported?.join(' '));
  // Without it the two strictest servers give no leave to renew; one that does not list it may refuse it.
  const renews = metadata?.scopes_supported?.includes('offline_access') === true;
  return wanted !== undefined && renews ? computeScopeUnion(wanted, 'offline_access') : wanted;
}
