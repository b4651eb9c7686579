/**
 * Dynamic registration (RFC 7591), of which nothing is kept: a client ID is the registration itself, readable by everybody. So a
 * stranger can register a thousand times and there is no row, no limit to fill, and nothing of others' to push out. Nor is it
 * signed: anybody may register anything, so that to make an ID up gives no more than to ask for it. What it may do is decided by
 * the owner, who is shown what it says, and where the answer goes.
 */

import { z } from 'zod';
import { appScope, type registeredAppSchema } from '../contract/apps.ts';
import { isRecord } from '../contract/is-record.ts';
import { storableText } from '../database/storable.ts';
import { millisNow } from '../kernel/clock.ts';
import type { AppClient } from './app-client.ts';
import { OAuthError } from './oauth-error.ts';
import { kindOfRedirect } from './redirect-uri.ts';

const prefix = 'app.';

/** Of a client ID, in characters: it travels in addresses. */
const longest = 2048;

const mostRedirects = 10;

/** What an ID holds: the name, then the addresses. */
const contentSchema = z.tuple([
  z.string().min(1).max(100),
  z
    .array(z.string().refine((uri) => kindOfRedirect(uri) !== undefined))
    .min(1)
    .max(mostRedirects),
]);

const write = (name: string, redirectUris: readonly string[]): string =>
  `${prefix}${Buffer.from(JSON.stringify([name, redirectUris])).toString('base64url')}`;

/** @throws OAuthError invalid_redirect_uri, invalid_client_metadata */
export function registerApp(input: unknown): z.output<typeof registeredAppSchema> {
  const metadata = isRecord(input) ? input : {};
  const redirectUris = readRedirects(metadata.redirect_uris);
  const given = typeof metadata.client_name === 'string' ? metadata.client_name.slice(0, 200).trim() : '';
  const name = [...(given === '' ? 'A program without a name' : storableText(given))].slice(0, 50).join('');
  const grants = metadata.grant_types;
  if (Array.isArray(grants) && grants.length > 0 && !grants.includes('authorization_code')) {
    throw new OAuthError('invalid_client_metadata', 'Only the grant type authorization_code is given here.');
  }
  const clientId = write(name, redirectUris);
  if (clientId.length > longest) {
    throw new OAuthError('invalid_client_metadata', 'The name and the redirect URIs are too long together.');
  }
  return {
    client_id: clientId,
    client_id_issued_at: Math.floor(millisNow() / 1000),
    client_name: name,
    redirect_uris: redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope: appScope,
  };
}

function readRedirects(value: unknown): string[] {
  const uris = z.array(z.string()).min(1).max(mostRedirects).safeParse(value);
  if (!uris.success) {
    throw new OAuthError('invalid_redirect_uri', `Send redirect_uris: one to ${mostRedirects} addresses.`);
  }
  const bad = uris.data.find((uri) => kindOfRedirect(uri) === undefined);
  if (bad === undefined) return uris.data;
  throw new OAuthError(
    'invalid_redirect_uri',
    'A redirect URI is https:, http: on 127.0.0.1, [::1] or localhost, or of a scheme of your own such as com.example.app:, without a fragment.',
  );
}

/** What a client ID of ours says; undefined for a text that is none. */
export function readRegistration(clientId: string): AppClient | undefined {
  if (!clientId.startsWith(prefix) || clientId.length > longest) return undefined;
  const text = Buffer.from(clientId.slice(prefix.length), 'base64url').toString('utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = contentSchema.safeParse(content);
  // One registration has one ID: no other spelling of it is taken.
  if (!parsed.success || write(...parsed.data) !== clientId) return undefined;
  const [name, redirectUris] = parsed.data;
  return { id: clientId, name, redirectUris, publisher: null };
}
