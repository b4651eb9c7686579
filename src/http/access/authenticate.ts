/** Finds out who makes a request: a bearer token, or else a session's cookie from our own pages. */
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Principal } from './principal.ts';
import { checkSameOrigin } from './same-origin.ts';
import { findSessionPrincipal, sessionCookie } from './sessions.ts';
import { findTokenPrincipal } from './tokens.ts';

/**
 * @returns undefined when the request names nobody, or a session that has ended
 * @throws AlfredError E_UNAUTHENTICATED for a token that is no good, E_FORBIDDEN for a session used from another site
 */
export async function authenticate(db: Database, request: FastifyRequest): Promise<Principal | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const principal = token === undefined ? undefined : await findTokenPrincipal(db, token);
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
