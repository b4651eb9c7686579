/** Asks an authorization server for the next tokens of a login. Keeps nothing. */
import { OAuthError, refreshAuthorization } from '@modelcontextprotocol/client';
import type { OAuthLogin } from '../../contract/login-config.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { authenticating, authMethodOf } from './authenticate-client.ts';
import { defined, timesOf } from './complete-login.ts';
import { metadataFetch, NotNow, shortText, tokenFetch } from './login-fetch.ts';
import { serverOf } from './login-place.ts';
import { dressForm } from './provider-ways.ts';

/** What came of it. `lost`: nobody knows whether the server has given out new tokens. */
export type Renewal =
  | { outcome: 'renewed'; login: OAuthLogin }
  | { outcome: 'refused'; why: string }
  | { outcome: 'later' | 'lost'; error: AlfredError };

/** A login that can be renewed. */
export type Renewable = OAuthLogin & { issuer: string; refreshToken: string };

export const isRenewable = (login: OAuthLogin): login is Renewable =>
  login.issuer !== undefined && login.refreshToken !== undefined;

/** These end a login; everything else may pass (RFC 6749, section 5.2; then what GitHub and Slack say in their place). */
const ends = new Set<string>([
  ...['invalid_grant', 'invalid_client', 'unauthorized_client'],
  ...['bad_refresh_token', 'incorrect_client_credentials'],
  ...['invalid_refresh_token', 'bad_client_secret', 'invalid_client_id'],
]);

/**
 * @param beforeAsking called when the server's metadata is there, before the renewal token leaves; what it throws is thrown
 * @returns never a token of before: what was not answered anew stays as it was
 */
export async function renewTokens(
  login: Renewable,
  fetch: GuardedFetch['fetch'],
  beforeAsking: () => Promise<void>,
): Promise<Renewal> {
  const { issuer, refreshToken, resource } = login;
  let metadata: Awaited<ReturnType<typeof serverOf>>;
  try {
    metadata = await serverOf(login, metadataFetch(fetch));
    const { refresh } = login.endpoints ?? {};
    if (metadata !== undefined && refresh !== undefined) metadata = { ...metadata, token_endpoint: refresh };
  } catch (error) {
    return { outcome: 'later', error: passing(error, issuer) };
  }
  await beforeAsking();
  const method = authMethodOf(login, metadata?.token_endpoint_auth_methods_supported);
  try {
    const tokens = await refreshAuthorization(issuer, {
      clientInformation: { client_id: login.clientId },
      refreshToken,
      addClientAuthentication: (headers, form) => {
        authenticating(login, method)(headers, form);
        dressForm(form, login.provider);
      },
      fetchFn: tokenFetch(fetch),
      ...(metadata === undefined ? {} : { metadata }),
      // The resource is sent to the byte: over one slash a strict server forgets the whole login.
      ...(resource === undefined ? {} : { resource }),
    });
    const { expiresAt: _former, renewingSince: _asked, warnedOf: _told, ...rest } = login;
    return {
      outcome: 'renewed',
      login: {
        ...rest,
        accessToken: tokens.access_token,
        ...timesOf(tokens.expires_in),
        ...defined({ refreshToken: tokens.refresh_token, scope: tokens.scope ?? login.scope }),
      },
    };
  } catch (error) {
    if (error instanceof OAuthError && ends.has(error.code)) {
      const words = error.message === error.code ? '' : `: ${shortText(error.message)}`;
      return { outcome: 'refused', why: `${error.code}${words}` };
    }
    const isKnown = error instanceof NotNow || error instanceof OAuthError;
    return { outcome: isKnown ? 'later' : 'lost', error: passing(error, issuer) };
  }
}

function passing(error: unknown, issuer: string): AlfredError {
  if (error instanceof AlfredError)
    return error.code === 'E_LOGIN_FAILED'
      ? new AlfredError('E_CONNECTION_FAILED', error.message, {
          ...(error.remedy ? { remedy: error.remedy } : {}),
        })
      : error;
  const why = error instanceof OAuthError ? `${error.code}: ${shortText(error.message)}` : 'no usable answer';
  return new AlfredError('E_CONNECTION_FAILED', `${issuer} did not renew the sign-in (${why}).`, {
    remedy: 'Try again later.',
  });
}
