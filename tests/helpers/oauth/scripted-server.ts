/** An authorization server written by hand, to be wrong in every way that a test asks for; it signs everybody in at once. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type SignedMcp, startSignedMcp } from './signed-mcp.ts';

export type Answer = (response: ServerResponse, form: URLSearchParams) => void;

export type ScriptedServer = SignedMcp & {
  /** What its metadata says besides, or instead. */
  metadata: Record<string, unknown>;
  /** Parameters of the way back besides, or instead. */
  back: Record<string, string>;
  /** In place of the token endpoint's own answer, one after the other. */
  answers: Answer[];
  /** The access tokens that are good. */
  good: Map<string, string>;
  /** Signs in at an address of the authorization endpoint. */
  visit(url: string): string;
};

export type ScriptedOptions = {
  /** In seconds; undefined: it does not say. */
  accessTtl?: number;
  /** What the MCP server says in place of its own name, and of who signs in. */
  resource?: Record<string, unknown>;
  /** Answers before anything else; true when it has. */
  intercept?: (url: string, response: ServerResponse) => boolean;
  challenge?: (url: string) => string;
  withoutResourceMetadata?: boolean;
};

export const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

const usualMetadata = (url: string) => ({
  issuer: url,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  registration_endpoint: `${url}/register`,
  revocation_endpoint: `${url}/revoke`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
});

export async function startScriptedServer(options: ScriptedOptions = {}): Promise<ScriptedServer> {
  const { accessTtl, resource, intercept, challenge } = options;
  const state = {
    metadata: {} as Record<string, unknown>,
    back: {} as Record<string, string>,
    answers: [] as Answer[],
    good: new Map<string, string>(),
  };
  let made = 0;
  let refresh = '';

  /** Rotates strictly: a refresh token that comes again ends everything. */
  function giveTokens(response: ServerResponse, form: URLSearchParams): void {
    if (form.get('grant_type') === 'refresh_token' && form.get('refresh_token') !== refresh) {
      state.good.clear();
      json(response, { error: 'invalid_grant', error_description: 'used before' }, 400);
      return;
    }
    made += 1;
    refresh = `refresh-${made}-c4nary-91f0`;
    const access = `access-${made}-c4nary-77d2`;
    state.good.set(access, 'ada');
    json(response, {
      access_token: access,
      token_type: 'Bearer',
      refresh_token: refresh,
      ...(accessTtl === undefined ? {} : { expires_in: accessTtl }),
    });
  }

  const server = await startSignedMcp({
    check: async (token) => {
      const who = state.good.get(token);
      return who === undefined ? undefined : { who, scopes: new Set(['tools:read']) };
    },
    metadata: options.withoutResourceMetadata
      ? undefined
      : (url) => ({ authorization_servers: [url], ...resource }),
    challenge,
    authorizationServer(request: IncomingMessage, response: ServerResponse, body: Buffer) {
      const url = request.url ?? '/';
      if (intercept?.(url, response)) return;
      const form = new URLSearchParams(String(body));
      if (url === '/.well-known/oauth-authorization-server') {
        json(response, { ...usualMetadata(server.url), ...state.metadata });
      } else if (url === '/register') json(response, { client_id: 'registered', redirect_uris: null }, 201);
      else if (url === '/token') (state.answers.shift() ?? giveTokens)(response, form);
      else if (url === '/revoke') json(response, {});
      // Whoever comes is signed in, and sent back.
      else if (url.startsWith('/authorize?')) response.writeHead(302, { location: visit(url) }).end();
      else response.writeHead(404).end();
    },
  });
  function visit(url: string): string {
    const asked = new URL(url, server.url).searchParams;
    const back = new URL(asked.get('redirect_uri') ?? '');
    const given = { code: 'a-code-c4nary-55aa', state: asked.get('state') ?? '', iss: server.url };
    for (const [name, value] of Object.entries({ ...given, ...state.back }))
      back.searchParams.set(name, value);
    return back.href;
  }
  return { ...server, ...state, visit };
}
