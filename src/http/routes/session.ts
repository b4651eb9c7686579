import type { FastifyRequest } from 'fastify';
import { operations } from '../../contract/operations.ts';
import { nameOf } from '../../web/hosts.ts';
import { route } from '../../web/route.ts';
import { checkSameOrigin } from '../../web/same-origin.ts';
import { callerOf } from '../access/caller.ts';
import { closeSessions } from '../access/end-sessions.ts';
import { checkFreshSignIn } from '../access/fresh-sign-in.ts';
import type { Principal } from '../access/principal.ts';
import { createSession, findSessionPrincipal, sessionCookie, sessionLifetime } from '../access/sessions.ts';
import { createSignInLink, useSignInCode } from '../access/sign-in-links.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { limitPerAddress } from '../limit-per-address.ts';

/** A code cannot be guessed: this bounds what wrong ones cost, and the rows that they leave. Right ones do not count. */
const wrongCodesPerMinute = 10;

const present = ({ kind, actor, scopes, expiresAt }: Principal) => ({
  kind,
  actor,
  scopes: [...scopes],
  expiresAt: expiresAt?.toISOString() ?? null,
});

export function sessionRoutes(app: App, { db, settings }: ServerDeps): void {
  const isPublic = ({ headers }: FastifyRequest): boolean =>
    settings.publicUrl !== undefined && nameOf(headers.host ?? '') === new URL(settings.publicUrl).hostname;
  const cookieOptions = (request: FastifyRequest) => ({
    path: '/',
    httpOnly: true,
    sameSite: 'strict' as const,
    // Never over plain HTTP at the public address; on loopback there is no TLS to insist on.
    secure: isPublic(request),
  });

  const limitWrongCodes = limitPerAddress(app, wrongCodesPerMinute);
  route(app, operations.signIn, async (request, reply) => {
    checkSameOrigin(request, { mayBeSilent: true });
    await useSignInCode(db, request.body.code, () => limitWrongCodes(request, reply));
    const { value, principal } = await createSession(db, {
      way: 'link',
      userAgent: request.headers['user-agent'],
      address: addressOf(request),
      replaces: await sessionIn(request),
    });
    reply.setCookie(sessionCookie, value, { ...cookieOptions(request), maxAge: sessionLifetime });
    return present(principal);
  });

  /** Where a sign-in comes from; unknown where a proxy on this machine keeps it to itself. */
  const addressOf = (request: FastifyRequest): string | undefined =>
    isPublic(request) && /^(127\.|::1$|::ffff:127\.)/.test(request.ip) ? undefined : request.ip;

  /** The session that this browser has already. */
  const sessionIn = async ({ cookies }: FastifyRequest): Promise<string | undefined> =>
    (await findSessionPrincipal(db, cookies[sessionCookie] ?? ''))?.id;

  route(app, operations.showSession, async (request) => present(callerOf(request)));

  route(app, operations.signOut, async (request, reply) => {
    const { kind, id, actor } = callerOf(request);
    if (kind === 'session') await db.transaction((tx) => closeSessions(tx, { id }, actor));
    return reply.clearCookie(sessionCookie, cookieOptions(request)).code(204).send();
  });

  route(app, operations.createSignInLink, async (request, reply) => {
    const caller = callerOf(request);
    checkFreshSignIn(caller);
    const address = settings.publicUrl ?? `http://${request.headers.host}`;
    return reply.code(201).send(await createSignInLink({ db }, address, caller.actor));
  });
}
