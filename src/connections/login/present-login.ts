import type { OAuthLogin } from '../../contract/login-config.ts';
import type { Login } from '../../contract/logins.ts';

/** A login as it is shown; its secrets may be sealed or open, and are not in it. */
export function presentLogin(login: OAuthLogin): Login {
  const isSignedIn = login.accessToken !== undefined;
  return {
    state: isSignedIn ? 'signed_in' : login.ended === undefined ? 'signed_out' : 'ended',
    issuer: login.issuer ?? null,
    scope: login.scope ?? null,
    asked: login.asked ?? null,
    missing: login.missing ?? null,
    grantedAt: login.grantedAt ?? null,
    grantedBy: login.grantedBy ?? null,
    expiresAt: (isSignedIn ? login.expiresAt : undefined) ?? null,
    renews: login.refreshToken !== undefined,
    client: login.clientFrom ?? null,
    ended: login.ended ?? null,
  };
}
