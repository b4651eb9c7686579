/** Makes tokens of the address at which a person came back. Keeps nothing. */

import {
  exchangeAuthorization,
  IssuerMismatchError,
  OAuthError,
  type OAuthTokens,
} from '@modelcontextprotocol/client';
import type { OAuthLogin } from '../../contract/login-config.ts';
import { millisNow, timeNow } from '../../kernel/clock.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { authenticating, authMethodOf } from './authenticate-client.ts';
import type { KnownClient } from './choose-client.ts';
import { shortText, tokenFetch } from './login-fetch.ts';
import type { LoginPlace } from './login-place.ts';
import type { LoginPlan } from './plan-login.ts';
import { dressForm } from './provider-ways.ts';
import { assertIssuer } from './read-callback.ts';
import { scopeIn } from './token-answer.ts';

/** What a login leaves; every secret in it open. */
export type OpenLogin = OAuthLogin & { accessToken: string; issuer: string };

/**
 * Trades the code for tokens. `iss` is checked before anything else of the address is believed: the words of an error as well
 * may be another server's.
 *
 * @throws AlfredError E_LOGIN_FAILED, and what keeps the token endpoint from answering
 */
export async function completeLogin(
  plan: LoginPlan,
  callback: URLSearchParams,
  fetch: GuardedFetch['fetch'],
): Promise<OpenLogin> {
  const { client, discovery, resource, verifier, provider } = plan;
  const { issuer, metadata } = discovery;
  assertIssuer(plan, callback);
  const error = callback.get('error');
  if (error !== null) throw refusedThere(issuer, error, callback.get('error_description'));
  const code = callback.get('code');
  if (code === null || code === '') {
    throw new AlfredError('E_LOGIN_FAILED', 'The address holds neither a code nor an error.', {
      remedy: 'Copy the whole address of the page where the sign-in ended.',
    });
  }
  const iss = callback.get('iss');
  const method = authMethodOf(client, metadata?.token_endpoint_auth_methods_supported);
  const exchange = (authMethod: typeof method) =>
    exchangeAuthorization(issuer, {
      clientInformation: { client_id: client.clientId },
      authorizationCode: code,
      codeVerifier: verifier,
      redirectUri: client.redirectUri,
      addClientAuthentication: (headers, form) => {
        authenticating(client, authMethod)(headers, form);
        dressForm(form, provider);
      },
      fetchFn: tokenFetch(fetch),
      ...(metadata === undefined ? {} : { metadata }),
      // Checked above, of a server that says nowhere who it is by its page.
      ...(iss === null || !discovery.isNamed ? {} : { iss }),
      ...(resource === undefined ? {} : { resource }),
    });
  const { tokens, authMethod } = await exchange(method).then(
    (given) => ({ tokens: given, authMethod: method }),
    async (trouble: unknown) => {
      // A secret that was pasted may be wanted in the body; where only Basic is taken, this is refused like the first.
      const retries =
        trouble instanceof OAuthError &&
        trouble.code === 'invalid_client' &&
        method === 'client_secret_basic';
      if (!retries) throw explained(trouble, issuer);
      const given = await exchange('client_secret_post').catch(() => {
        throw explained(trouble, issuer);
      });
      return { tokens: given, authMethod: 'client_secret_post' as const };
    },
  );
  // Strava says what was granted in the address alone.
  const granted = tokens.scope ?? scopeIn(callback.get('scope') ?? '');
  return loginOf({ ...plan, client: { ...client, authMethod } }, { ...tokens, scope: granted || undefined });
}

/** The login that a sign-in leaves, made of how it was begun and of the tokens that were given. */
export function loginOf(
  { client, discovery, endpoints, provider, resource, scope }: LoginPlace & { client: KnownClient },
  tokens: Pick<OAuthTokens, 'access_token' | 'refresh_token' | 'expires_in'> & { scope?: string | undefined },
): OpenLogin {
  const { clientId, clientSecret, clientFrom, clientExpiresAt, redirectUri, authMethod } = client;
  return {
    clientId,
    clientFrom,
    issuer: discovery.issuer,
    accessToken: tokens.access_token,
    ...timesOf(tokens.expires_in),
    ...defined({
      ...{ authMethod, clientSecret, clientExpiresAt, resource, endpoints, provider },
      redirectUri: redirectUri === '' ? undefined : redirectUri,
      asked: scope,
      scope: tokens.scope ?? scope,
      refreshToken: tokens.refresh_token,
    }),
  };
}

/** When a token was given, and when it ends, if anybody said so. */
export const timesOf = (expiresIn: number | undefined): Pick<OAuthLogin, 'tokenAt' | 'expiresAt'> => ({
  tokenAt: timeNow().toISOString(),
  ...(expiresIn === undefined ? {} : { expiresAt: new Date(millisNow() + expiresIn * 1_000).toISOString() }),
});

/** Without the fields that are undefined. */
export const defined = <T extends Record<string, unknown>>(
  fields: T,
): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

const remedies: Record<string, string> = {
  access_denied: 'Sign in again if that was not meant.',
  invalid_scope: 'Sign in again and ask for less (scope, --scope).',
  invalid_target:
    'This server does not take the name that the MCP server has for itself. Sign in again without it if you trust both (omitResource, --without-resource).',
};

const refusedThere = (issuer: string, error: string, description: string | null): AlfredError =>
  new AlfredError(
    'E_LOGIN_FAILED',
    `${issuer} did not sign you in (${shortText(error)}${description === null ? '' : `: ${shortText(description)}`}).`,
    { remedy: remedies[error] ?? 'Begin the sign-in again.' },
  );

function explained(error: unknown, issuer: string): unknown {
  if (error instanceof AlfredError) return error;
  if (error instanceof IssuerMismatchError)
    return new AlfredError('E_LOGIN_FAILED', shortText(error.message));
  const why = error instanceof OAuthError ? `${error.code}: ${error.message}` : messageOf(error);
  return new AlfredError('E_LOGIN_FAILED', `${issuer} gives no token for the sign-in (${shortText(why)}).`, {
    remedy: 'Begin the sign-in again.',
  });
}
