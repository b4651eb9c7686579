/** oidc-provider as the authorization server of an MCP server: strict about `resource`, rotates, and ends a login when a token comes again. */
import { Provider } from 'oidc-provider';
import { replay, type SignedMcp, startSignedMcp } from './signed-mcp.ts';
import { startVisitor } from './visitor.ts';

export type OidcMcp = SignedMcp & {
  issuer: string;
  /** Answers a token request in the server's place; false: it is the server's own to answer. */
  intercept: { token?: (respond: (status: number, body: string) => void, drop: () => void) => boolean };
};

export type OidcOptions = {
  /** Of the issuer; '' for none. */
  path?: string;
  registers?: boolean;
  /** In seconds. */
  accessTtl?: number;
  clients?: object[];
};

export async function startOidcMcp(options: OidcOptions = {}): Promise<OidcMcp> {
  const { path = '', registers = true, accessTtl = 3600, clients = [] } = options;
  const intercept: OidcMcp['intercept'] = {};
  let provider: Provider | undefined;
  const server = await startSignedMcp({
    tokenPath: `${path}/token`,
    metadata: (url) => ({ authorization_servers: [`${url}${path}`], scopes_supported: ['tools:read'] }),
    async check(token) {
      const found = await provider?.AccessToken.find(token);
      return found && { scopes: found.scopes, who: found.accountId };
    },
    authorizationServer(request, response, body) {
      const url = request.url ?? '';
      if (url === `${path}/token` && intercept.token !== undefined) {
        const respond = (status: number, text: string) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(text);
        if (intercept.token(respond, () => response.destroy())) return;
      }
      if (!url.startsWith(path) || provider === undefined) {
        // As a site that answers everything with its page.
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Not here</html>');
        return;
      }
      Object.assign(request, { originalUrl: url, url: url.slice(path.length) });
      replay(provider.callback(), request, response, body);
    },
  });
  const issuer = `${server.url}${path}`;
  provider = new Provider(issuer, {
    clients,
    scopes: ['openid', 'offline_access'],
    cookies: { keys: ['for a test alone'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: { AccessToken: accessTtl, Grant: 86_400, Interaction: 600, Session: 86_400, RefreshToken: 86_400 },
    features: {
      devInteractions: { enabled: true },
      registration: { enabled: registers },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'tools:read tools:write',
          accessTokenTTL: accessTtl,
          accessTokenFormat: 'opaque',
        }),
      },
    },
    findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  return { ...server, issuer, intercept };
}

/**
 * Signs in as a person with a browser would: every redirect, every form.
 *
 * @returns the address at which the browser is sent back to the client
 */
export async function signInThere(url: string, redirectUri: string, { as = 'ada' } = {}): Promise<string> {
  const visit = startVisitor();
  let [next, form]: [string, URLSearchParams | undefined] = [url, undefined];
  for (let step = 0; step < 20; step++) {
    const { status, text, location, action } = await visit(next, form);
    if (location?.startsWith(redirectUri)) return location;
    if (location !== undefined) {
      [next, form] = [location, undefined];
      continue;
    }
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
    if (action === undefined || prompt === undefined) throw new Error(`${status}: ${text.slice(0, 2_000)}`);
    next = action;
    form = new URLSearchParams(prompt === 'login' ? { prompt, login: as, password: 'x' } : { prompt });
  }
  throw new Error('The sign-in comes to no end');
}
