/**
 * Who signs people in to an MCP server, and where: its protected-resource metadata (RFC 9728), then the authorization server's
 * own (RFC 8414, OpenID Connect Discovery), at every place where real servers put them.
 */
import {
  type AuthorizationServerMetadata,
  buildDiscoveryUrls,
  checkResourceAllowed,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
  IssuerMismatchError,
  resourceUrlFromServerUrl,
} from '@modelcontextprotocol/client';
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { type FetchLike, shortText } from './login-fetch.ts';

export type Discovery = {
  /** What the authorization server calls itself; its address where it has no metadata. */
  issuer: string;
  /** False where it calls itself nothing, and `issuer` is only where its page is. */
  isNamed: boolean;
  metadata: ServerMetadata | undefined;
  /** As the server names itself, to the byte: some compare it so. */
  resource: string | undefined;
  /** Where the server does not say in a challenge which scope it wants. */
  scopesSupported: readonly string[] | undefined;
};

/** What a server says in a refusal: where its metadata is, and what it wants. */
export type Challenge = { resourceMetadataUrl?: URL | undefined; scope?: string | undefined };

/**
 * The Bearer challenge of a refusal. A server may send several in one header, of which the SDK reads the first alone.
 */
export function challengeOf(response: Pick<Response, 'headers'>): Challenge & { error?: string | undefined } {
  const header = response.headers.get('www-authenticate') ?? '';
  const at = /(?:^|,\s*)bearer(?=\s)/i.exec(header);
  if (at === null) return {};
  const own = header.slice(at.index).replace(/^,\s*/, '');
  return extractWWWAuthenticateParams(new Response(null, { headers: { 'www-authenticate': own } }));
}

/**
 * @param serverUrl the MCP server's address
 * @param challenge what it said when it was asked without a login
 * @throws AlfredError E_LOGIN_FAILED for metadata that cannot be used; what `fetch` throws where it cannot be had
 */
export async function discover(serverUrl: URL, challenge: Challenge, fetch: FetchLike): Promise<Discovery> {
  const found = await readResource(serverUrl, challenge, fetch);
  const server = found?.authorization_servers?.[0] ?? new URL('/', serverUrl).href;
  const metadata = await readServer(server, fetch);
  return {
    issuer: metadata?.issuer ?? server.replace(/\/$/, ''),
    isNamed: metadata !== undefined,
    metadata,
    resource: found?.resource,
    scopesSupported: found?.scopes_supported,
  };
}

async function readResource(serverUrl: URL, { resourceMetadataUrl }: Challenge, fetch: FetchLike) {
  const places = resourceMetadataUrl === undefined ? [undefined] : [resourceMetadataUrl, undefined];
  for (const place of places) {
    const found = await resourceAt(serverUrl, place, fetch);
    if (found === undefined) continue;
    if (!isOf(serverUrl, found.resource)) {
      throw new AlfredError(
        'E_LOGIN_FAILED',
        `The server at ${serverUrl.href} says that it is ${shortText(found.resource)}: a login for that one is none for this one.`,
        { remedy: 'Give the connection the address by which the server calls itself.' },
      );
    }
    return found;
  }
  return undefined;
}

function isOf(serverUrl: URL, resource: string): boolean {
  const requestedResource = resourceUrlFromServerUrl(serverUrl);
  return URL.canParse(resource) && checkResourceAllowed({ requestedResource, configuredResource: resource });
}

/** The protected-resource metadata; undefined where there is none. */
async function resourceAt(serverUrl: URL, resourceMetadataUrl: URL | undefined, fetch: FetchLike) {
  const options = resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl };
  // The SDK says "there is none" with a plain error: what was answered last tells it from metadata that is wrong.
  let isThere = false;
  const watched: FetchLike = async (url, init) => {
    const response = await fetch(url, init);
    isThere = response.ok;
    return response;
  };
  try {
    return await discoverOAuthProtectedResourceMetadata(serverUrl, options, watched);
  } catch (error) {
    if (error instanceof AlfredError) throw error;
    if (!isThere) return undefined;
    throw unusable(`The protected-resource metadata of ${serverUrl.origin}`, error);
  }
}

/** As the SDK gives it, and what it leaves out of an OpenID provider's: where tokens are revoked, and codes for another device given. */
export type ServerMetadata = AuthorizationServerMetadata & {
  revocation_endpoint?: string | undefined;
  device_authorization_endpoint?: string | undefined;
};

/**
 * The authorization server's metadata, undefined where it has none.
 *
 * @throws AlfredError E_LOGIN_FAILED
 */
export async function readServer(server: string, fetch: FetchLike): Promise<ServerMetadata | undefined> {
  if (!/^https?:$/.test(new URL(server).protocol)) {
    throw new AlfredError('E_LOGIN_FAILED', `An authorization server cannot be at ${shortText(server)}.`);
  }
  let last: unknown;
  const watched: FetchLike = async (url, init) => {
    const response = await fetch(url, init);
    last = response.ok ? await response.clone().json() : undefined;
    return response;
  };
  try {
    const found =
      (await discoverAuthorizationServerMetadata(server, { fetchFn: watched })) ??
      (await readAppended(server, watched));
    return found && { ...found, ...leftOut(last) };
  } catch (error) {
    if (error instanceof AlfredError) throw error;
    if (error instanceof IssuerMismatchError) throw otherIssuer(server, error.received);
    throw unusable(`The metadata of ${new URL(server).origin}`, error);
  }
}

function leftOut(metadata: unknown): Partial<ServerMetadata> {
  const { revocation_endpoint: revocation, device_authorization_endpoint: device } = isRecord(metadata)
    ? metadata
    : {};
  return {
    ...(typeof revocation === 'string' ? { revocation_endpoint: revocation } : {}),
    ...(typeof device === 'string' ? { device_authorization_endpoint: device } : {}),
  };
}

/** Reads metadata behind the issuer's path, where some servers have it; RFC 8414 has it before the path. */
async function readAppended(server: string, fetch: FetchLike) {
  const [first] = buildDiscoveryUrls(server);
  const base = new URL(server);
  if (first === undefined || base.pathname === '/') return undefined;
  const appended = new URL(
    `${base.pathname.replace(/\/$/, '')}/.well-known/oauth-authorization-server`,
    base,
  );
  const fetchFn: FetchLike = async (url, init) =>
    String(url) === first.url.href ? fetch(appended, init) : new Response(null, { status: 404 });
  return discoverAuthorizationServerMetadata(server, { fetchFn });
}

const otherIssuer = (expected: string, received: string | undefined) =>
  new AlfredError(
    'E_LOGIN_FAILED',
    `The authorization server at ${shortText(expected)} calls itself ${shortText(received ?? 'nothing')}: nobody can tell whom a login would be with.`,
    { remedy: 'Tell whoever runs the server: the two must be the same (RFC 8414, section 3.3).' },
  );

const unusable = (what: string, error: unknown) =>
  new AlfredError('E_LOGIN_FAILED', `${what} cannot be used: ${shortText(messageOf(error))}`, {
    remedy: 'Tell whoever runs the server, or give the connection a token in "headers".',
  });
