/**
 * An HTTP API with an OpenAPI document, and oidc-provider beside it on the same port as the one that signs people in: by the browser,
 * or by a code on another device. The API checks every token.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import { type Canary, startCanary } from '../canary.ts';
import { replay } from './signed-mcp.ts';
import { startVisitor } from './visitor.ts';

const redirectUri = 'http://127.0.0.1:4280/oauth/callback';

/** As somebody made it there by hand. */
export const handMade = { clientId: 'by-hand', clientSecret: 's+c%ret/c4nary-8a1e' };

export type OidcApi = Canary & {
  /** Of the OpenAPI document. */
  document: string;
  api: string;
  /** Every token that came with a request to the API, in order. */
  tokens: string[];
  tokenRequests: () => URLSearchParams[];
  /** Takes an access token back, as its end does. */
  end: (token: string) => Promise<void>;
};

export type OidcApiOptions = {
  /** In seconds. */
  accessTtl?: number;
  /** How the document says that one signs in. */
  scheme?: 'oauth2' | 'openIdConnect' | 'none';
  /** Instead of what it says of the authorization code. */
  code?: Record<string, unknown>;
};

const scopes = { 'notes:read': 'Read your notes', 'notes:write': 'Write and delete your notes' };

function schemeOf(url: string, { scheme = 'oauth2', code = {} }: OidcApiOptions): object {
  if (scheme === 'none') return {};
  if (scheme === 'openIdConnect')
    return { signIn: { type: 'openIdConnect', openIdConnectUrl: `${url}/.well-known/openid-configuration` } };
  const all = { ...scopes, offline_access: 'Stay signed in', 'admin:all': 'Everything' };
  return {
    signIn: {
      type: 'oauth2',
      flows: {
        authorizationCode: { authorizationUrl: '/auth', tokenUrl: `${url}/token`, scopes: all, ...code },
        deviceAuthorization: {
          deviceAuthorizationUrl: `${url}/device/auth`,
          tokenUrl: `${url}/token`,
          scopes: all,
        },
      },
    },
  };
}

function documentOf(url: string, options: OidcApiOptions): object {
  const responses = { 200: { description: 'ok', content: { 'application/json': {} } } };
  const operation = (operationId: string, ...scope: string[]) => ({
    operationId,
    responses,
    security: scope.length === 0 ? [] : [{ signIn: scope }],
  });
  return {
    openapi: '3.2.0',
    info: { title: 'Notes', version: '1' },
    servers: [{ url: `${url}/api` }],
    components: { securitySchemes: schemeOf(url, options) },
    paths: {
      '/whoami': { get: operation('whoami', 'notes:read', 'offline_access') },
      '/notes': { post: operation('change', 'notes:write') },
      '/about': { get: operation('about') },
    },
  };
}

export async function startOidcApi(options: OidcApiOptions = {}): Promise<OidcApi> {
  const tokens: string[] = [];
  let provider: Provider | undefined;
  const server = await startCanary((request, response) => {
    const { body } = server.last();
    const url = request.url ?? '/';
    if (url === '/openapi.json') json(response, documentOf(server.url, options));
    else if (url.startsWith('/api/')) void serveApi(request, response);
    else if (provider !== undefined) replay(provider.callback(), request, response, body);
  });

  async function serveApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (request.url === '/api/about') return json(response, { text: 'about' });
    if (token !== undefined) tokens.push(token);
    const bearer = token === undefined ? undefined : await provider?.AccessToken.find(token);
    if (bearer === undefined) return json(response, { error: 'no' }, 401);
    if (request.url === '/api/notes' && !bearer.scopes.has('notes:write'))
      return json(response, { error: 'not you' }, 403);
    json(response, request.url === '/api/notes' ? { text: 'changed' } : { text: bearer.accountId });
  }

  provider = new Provider(server.url, configuration(options));
  return {
    ...server,
    document: `${server.url}/openapi.json`,
    api: `${server.url}/api`,
    tokens,
    end: async (token) => (await provider?.AccessToken.find(token))?.destroy(),
    tokenRequests: () =>
      server.requests
        .filter(({ method, url }) => method === 'POST' && url === '/token')
        .map(({ body }) => new URLSearchParams(String(body))),
  };
}

const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

const configuration = ({ accessTtl = 3_600 }: OidcApiOptions): object => ({
  clients: [
    {
      client_id: handMade.clientId,
      client_secret: handMade.clientSecret,
      redirect_uris: [redirectUri],
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      token_endpoint_auth_method: 'client_secret_basic',
    },
  ],
  scopes: ['openid', 'offline_access', ...Object.keys(scopes), 'admin:all'],
  cookies: { keys: ['for a test alone'] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: accessTtl,
    DeviceCode: 600,
    Grant: 86_400,
    Interaction: 600,
    Session: 86_400,
    RefreshToken: 86_400,
  },
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

/** Enters a code as a person with a browser on another device would: every page, every form. */
export async function enterCodeThere(page: string, { as = 'ada', answer = 'yes' } = {}): Promise<void> {
  const visit = startVisitor();
  let [next, form]: [string, URLSearchParams | undefined] = [page, undefined];
  for (let step = 0; step < 20; step++) {
    const { text, location, action } = await visit(next, form);
    if (location !== undefined) {
      [next, form] = [location, undefined];
      continue;
    }
    if (action === undefined) return;
    const fields = [...text.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]): [string, string] => [
      /name="([^"]*)"/.exec(input)?.[1] ?? '',
      /value="([^"]*)"/.exec(input)?.[1] ?? '',
    ]);
    form = new URLSearchParams(fields.filter(([name]) => name !== ''));
    if (text.includes('name="login"'))
      for (const [name, value] of [
        ['login', as],
        ['password', 'x'],
      ] as const)
        form.set(name, value);
    if (answer === 'no' && /name="abort"|abort/.test(text)) form.set('abort', 'yes');
    next = action;
  }
  throw new Error('The code comes to no end');
}
