/** Finds out who makes a request: a bearer token of ours, of an app or of Core, or else a session's cookie from our own pages. */
import type { FastifyRequest } from 'fastify';
import { checkCoreToken, looksLikeCoreToken, verifyCoreToken } from '../../core-link/verify-token.ts';
import type { Database } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { checkSameOrigin } from '../../web/same-origin.ts';
import { findAppPrincipal } from './app-access.ts';
import type { Principal } from './principal.ts';
import { findSessionPrincipal, sessionCookie } from './sessions.ts';
import { findTokenPrincipal } from './tokens.ts';

/**
 * @param isAgain the request was let in before; a token of Core, which is good once, is not used up by it
 * @returns undefined when the request names nobody, or a session that has ended
 * @throws AlfredError E_UNAUTHENTICATED for a token that is no good, E_FORBIDDEN for a session used from another site
 */
export async function authenticate(
  db: Database,
  request: FastifyRequest,
  { isAgain = false } = {},
): Promise<Principal | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token !== undefined && looksLikeCoreToken(token)) return corePrincipal(db, token, isAgain);
    const principal =
      token === undefined
        ? undefined
        : ((await findTokenPrincipal(db, token)) ?? (await findAppPrincipal(db, token)));
    if (principal) return principal;
    throw new AlfredError('E_UNAUTHENTICATED', 'The access token is unknown, expired or revoked', {
      remedy: 'Use the contents of $ALFRED_HOME/cli-token, or a token from `npx alfred token create`.',
    });
  }
  const cookie = request.cookies[sessionCookie];
  if (cookie === undefined) return undefined;
  checkSameOrigin(request);
  return findSessionPrincipal(db, cookie);
}

/** A user of Core, with what the owner lets them do: content is what `read` opens, and never more. */
async function corePrincipal(db: Database, token: string, isAgain: boolean): Promise<Principal> {
  const { userId, scopes, expiresAt } = await (isAgain ? checkCoreToken : verifyCoreToken)(db, token);
  return {
    kind: 'core',
    id: userId,
    actor: `core:${userId}`,
    scopes: new Set(scopes.includes('content') ? ['read'] : []),
    core: new Set(scopes),
    expiresAt,
  };
}
