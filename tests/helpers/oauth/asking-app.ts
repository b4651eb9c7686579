/** A program that signs in to the VM's `/mcp`, step by step, over a test server. */
import { createHash, randomBytes } from 'node:crypto';
import type { TestAnswer, TestServer } from '../http.ts';

export const issuer = 'http://127.0.0.1:4280';
export const redirectUri = 'http://127.0.0.1/callback';

export type Tokens = { access_token: string; refresh_token: string; expires_in: number };

/** @param server reached by its owner's token, and by strangers */
export function askingApp(server: TestServer) {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');

  const register = (metadata: object = {}) =>
    server.send(
      'POST',
      '/oauth/register',
      { client_name: 'Editor', redirect_uris: [redirectUri], ...metadata },
      { token: null },
    );

  const clientId = async (metadata: object = {}) =>
    ((await register(metadata)).body as { client_id: string }).client_id;

  /** The query with which it sends the browser; `over` replaces parameters, and leaves out what is undefined. */
  const query = (client: string, over: Record<string, string | undefined> = {}) => {
    const wanted = {
      ...{ response_type: 'code', client_id: client, redirect_uri: redirectUri, state: 'st-1' },
      ...{ code_challenge: challenge, code_challenge_method: 'S256', resource: `${issuer}/mcp` },
      ...over,
    };
    return new URLSearchParams(
      Object.entries(wanted).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as [string, string]],
      ),
    ).toString();
  };

  const decide = (asked: string, more: object = { decision: 'allow' }) =>
    server.send('POST', '/api/v1/apps/decide', { query: asked, ...more });

  const form = (path: string, fields: Record<string, string> | string): Promise<TestAnswer> =>
    server.send('POST', path, new URLSearchParams(fields).toString(), {
      token: null,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

  const exchange = (client: string, code: string, over: Record<string, string> = {}) =>
    form('/oauth/token', {
      ...{ grant_type: 'authorization_code', client_id: client, code, code_verifier: verifier },
      ...{ redirect_uri: redirectUri, resource: `${issuer}/mcp`, ...over },
    });

  const refresh = (client: string, token: string, over: Record<string, string> = {}) =>
    form('/oauth/token', { grant_type: 'refresh_token', client_id: client, refresh_token: token, ...over });

  const codeOf = ({ body }: TestAnswer): string =>
    new URL((body as { returnTo: string }).returnTo).searchParams.get('code') ?? '';

  /** Let in, with its tokens. */
  const signIn = async (more: object = { decision: 'allow' }) => {
    const client = await clientId();
    const code = codeOf(await decide(query(client), more));
    const { body } = await exchange(client, code);
    return { client, code, ...(body as Tokens) };
  };

  return {
    verifier,
    challenge,
    register,
    clientId,
    query,
    decide,
    form,
    exchange,
    refresh,
    codeOf,
    signIn,
    mcp: (token: string | null, method?: string) => askMcp(server, token, method),
  };
}

/** What `/mcp` says to a token. */
const askMcp = (server: TestServer, token: string | null, method = 'initialize') =>
  server.send(
    'POST',
    '/mcp',
    {
      ...{ jsonrpc: '2.0', id: 1, method },
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'app', version: '1' } },
    },
    { token, headers: { accept: 'application/json, text/event-stream' } },
  );
