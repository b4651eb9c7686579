/**
 * Where a person signs in to an HTTP API: as the owner says, as Alfred's own list of providers has it, or as the document names it;
 * and the least that the chosen operations need.
 */
import { computeScopeUnion } from '@modelcontextprotocol/client';
import type { HttpApiAuth, HttpApiConfigInput } from '../../contract/http-connections.ts';
import { providerAt, providerCalled, providerOf } from '../../contract/known-providers/known-providers.ts';
import type { LoginEndpoints } from '../../contract/login-config.ts';
import { leastScopes } from '../../contract/scopes.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { lookAtApi } from '../openapi/look-at-api.ts';
import type { ApiSignIn, FoundApi } from '../openapi/operation.ts';
import { readServer } from './discover.ts';
import { type FetchLike, shortText } from './login-fetch.ts';
import { type LoginPlace, metadataOf } from './login-place.ts';

type SignInAuth = Extract<HttpApiAuth, { type: 'oauth2' }>;

/** An `http_api` config with every secret open, in which a person signs in. */
export type ApiLoginConfig = Pick<
  HttpApiConfigInput,
  | 'baseUrl'
  | 'otherOrigins'
  | 'openapi'
  | 'operations'
  | 'serverVariables'
  | 'include'
  | 'allowPrivateNetwork'
  | 'auth'
> & {
  headers: Record<string, string>;
};

/** What is known of the way in, before anything is asked for. */
export type ApiLogin = {
  place: Omit<LoginPlace, 'scope'>;
  /** Undefined where there is no document that says it. */
  signIn: ApiSignIn | undefined;
  api: FoundApi;
  /** The least that the operations of the connection need. */
  least: string[];
};

/**
 * @param config.baseUrl with its secrets in place
 * @throws AlfredError E_LOGIN_FAILED where nobody says where one signs in; what keeps the document or the server from being read
 */
export async function findApiLogin(
  config: ApiLoginConfig,
  { name, home, fetch }: { name: string; home: string; fetch: FetchLike },
): Promise<ApiLogin> {
  const auth = signInAuthOf(config.auth, name);
  const api = await lookAtApi(config, home);
  const signIn = chosenSignIn(api, auth);
  const least = leastScopes(api.operations.map(({ tool }) => tool.scopes));
  const place = await placeOf(auth, signIn, new URL(api.baseUrl).host, fetch);
  if (place === undefined) throw nowhere(name, api);
  return { place: { ...place, resource: auth.resource }, signIn, api, least };
}

/** What to ask for: what a person says, or the owner, or the least, and what a call was refused for want of. */
export function apiScope(
  { place: { provider }, least }: ApiLogin,
  { wanted, auth, missing }: { wanted?: string | undefined; auth: HttpApiAuth; missing?: string | undefined },
): string | undefined {
  const own = auth.type === 'oauth2' ? auth.scope : undefined;
  const scope = wanted ?? computeScopeUnion(own ?? least.join(' '), missing);
  const { renewScope } = providerCalled(provider) ?? {};
  const asked = computeScopeUnion(scope, renewScope);
  return asked === '' ? undefined : asked;
}

/** @throws AlfredError E_VALIDATION for a connection that has its credentials already */
function signInAuthOf(auth: HttpApiAuth, name: string): SignInAuth {
  if (auth.type === 'oauth2') return auth;
  // The document knows the way.
  if (auth.type === 'none') return { type: 'oauth2' };
  const message = `is ${auth.type}: nobody signs in to it`;
  throw new AlfredError('E_VALIDATION', `The login of "${name}" ${message}.`, {
    remedy: 'Give the connection "auth": {"type": "oauth2"} first, if a person is to sign in.',
    fields: [{ field: '/config/auth/type', message }],
  });
}

const canBeUsed = ({ authorizationUrl, tokenUrl, deviceUrl, metadataUrl }: ApiSignIn): boolean =>
  metadataUrl !== undefined || (tokenUrl !== undefined && (authorizationUrl ?? deviceUrl) !== undefined);

function chosenSignIn({ signIns }: FoundApi, { scheme }: SignInAuth): ApiSignIn | undefined {
  return scheme === undefined
    ? (signIns.find(canBeUsed) ?? signIns[0])
    : signIns.find((one) => one.scheme === scheme);
}

async function placeOf(
  auth: SignInAuth,
  signIn: ApiSignIn | undefined,
  apiHost: string,
  fetch: FetchLike,
): Promise<Omit<LoginPlace, 'scope' | 'resource'> | undefined> {
  const { authorizationUrl, tokenUrl, deviceUrl, revocationUrl, send } = auth;
  if (tokenUrl !== undefined) {
    const provider = auth.provider ?? providerAt(authorizationUrl);
    const said = { authorization: authorizationUrl, device: deviceUrl, revocation: revocationUrl };
    return named({ token: tokenUrl, ...said }, provider, send);
  }
  if (auth.issuer !== undefined) return bySelf(auth.issuer, fetch);
  const provider = auth.provider ?? (auth.scheme === undefined ? knownAs(signIn, apiHost) : undefined);
  const known = providerCalled(provider);
  if (known !== undefined) {
    const { authorizationUrl: authorization, tokenUrl: token, refreshUrl: refresh } = known;
    const { deviceUrl: device, revocationUrl: revocation } = known;
    return named({ authorization, token, refresh, device, revocation }, provider, send);
  }
  if (signIn === undefined) return undefined;
  if (signIn.metadataUrl !== undefined) return bySelf(issuerOf(signIn.metadataUrl), fetch);
  if (!canBeUsed(signIn) || signIn.tokenUrl === undefined) return undefined;
  const { authorizationUrl: authorization, tokenUrl: token, refreshUrl: refresh, deviceUrl: device } = signIn;
  return named({ authorization, token, refresh, device }, undefined, send);
}

/** Whose API it is, or who signs people in to it: by its hosts. */
const knownAs = (signIn: ApiSignIn | undefined, apiHost: string): string | undefined =>
  providerOf(apiHost) ?? providerAt(signIn?.authorizationUrl) ?? providerAt(signIn?.implicitUrl);

type Said = { [Field in keyof LoginEndpoints]: LoginEndpoints[Field] | undefined };

function named(said: Said, provider: string | undefined, send: 'basic' | 'body' | undefined) {
  const endpoints = Object.fromEntries(
    Object.entries(said).filter(([, address]) => address !== undefined),
  ) as LoginEndpoints;
  const issuer = new URL(endpoints.authorization ?? endpoints.token).origin;
  const metadata = metadataOf(issuer, endpoints, provider, send);
  const discovery = { issuer, isNamed: false, metadata, resource: undefined, scopesSupported: undefined };
  return { discovery, endpoints, provider };
}

async function bySelf(issuer: string, fetch: FetchLike) {
  const metadata = await readServer(issuer, fetch);
  if (metadata === undefined) {
    throw new AlfredError('E_LOGIN_FAILED', `${shortText(issuer)} says nowhere how one signs in to it.`, {
      remedy:
        'Give the connection the addresses themselves: "authorizationUrl" and "tokenUrl" of its "auth".',
    });
  }
  const discovery = { issuer: metadata.issuer, isNamed: true, metadata };
  return {
    discovery: { ...discovery, resource: undefined, scopesSupported: metadata.scopes_supported },
    provider: providerAt(metadata.authorization_endpoint),
  };
}

const wellKnown = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)/;

/** Of whom such an address is: what stands before and behind `/.well-known/…` (RFC 8414, section 3; OpenID Connect Discovery). */
const issuerOf = (metadataUrl: string): string => {
  const { origin, pathname } = new URL(metadataUrl);
  return `${origin}${pathname.replace(wellKnown, '').replace(/\/$/, '')}`;
};

function nowhere(name: string, { signIns }: FoundApi): AlfredError {
  const why =
    signIns.length === 0
      ? 'neither its document nor its config says where one signs in to it'
      : 'its document names no way in for a person, or only one that is no more (implicit)';
  return new AlfredError('E_LOGIN_FAILED', `Nobody can sign in to "${name}": ${why}.`, {
    remedy:
      'Give it the addresses (--auth sign-in --authorize-url … --token-url …), or the name of a provider that Alfred knows (--auth sign-in:NAME).',
  });
}
