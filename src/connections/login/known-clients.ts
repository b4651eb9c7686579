import type { OAuthLogin } from '../../contract/login-config.ts';
import type { KnownClient } from './choose-client.ts';

/** The client that is kept. After the end of a login nobody knows whether it is still known there: only a person's own is. */
export function clientIn(login: OAuthLogin | undefined): KnownClient[] {
  if (login?.issuer === undefined || login.clientFrom === undefined) return [];
  if (login.clientFrom !== 'hand' && login.accessToken === undefined) return [];
  const { clientId, clientSecret, authMethod, clientFrom, issuer, redirectUri = '', clientExpiresAt } = login;
  return [{ clientId, clientSecret, authMethod, clientFrom, issuer, redirectUri, clientExpiresAt }];
}
