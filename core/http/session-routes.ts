/** Signing in: programs get a bearer, Core's own page gets a cookie that no script can read. */

import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { route } from '../../src/web/route.ts';
import { checkSameOrigin } from '../../src/web/same-origin.ts';
import { coreCookie, findPerson, sessionOf, signIn, signInOperator } from '../access/people.ts';
import type { CoreApp, CoreDeps } from './app.ts';

/** Host-only: without a domain, the cookie goes to this host alone. */
export const cookieOf = (issuer: string) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: issuer.startsWith('https:') }) as const;

export function sessionRoutes(app: CoreApp, { db, issuer, attemptsPerMinute = 10 }: CoreDeps): void {
  const config = { rateLimit: { max: attemptsPerMinute, timeWindow: 60_000 } };
  const cookie = cookieOf(issuer);

  route(
    app,
    coreApiOperations.signIn,
    async (request, reply) => reply.code(201).send(await signIn(db, request.body)),
    { config },
  );

  route(
    app,
    coreApiOperations.signInPage,
    async (request, reply) => {
      // Nobody else's page may sign a person in: as somebody else, say.
      checkSameOrigin(request);
      const { body } = request;
      const { token, expiresAt } =
        'login' in body ? await signIn(db, body) : await signInOperator(db, body.operatorToken);
      return reply
        .setCookie(coreCookie, token, { ...cookie, expires: new Date(expiresAt) })
        .code(204)
        .send();
    },
    { config },
  );

  route(app, coreApiOperations.showSession, async (request) => sessionOf(await findPerson(db, request)));

  route(app, coreApiOperations.signOut, async (request, reply) => {
    const { tokenId, expiresAt } = await findPerson(db, request);
    // The operator's own token is no session: it is ended by removing its file and its row.
    if (expiresAt !== null) {
      await db.prisma.accessToken.update({ where: { id: tokenId }, data: { revokedAt: timeNow() } });
    }
    return reply.clearCookie(coreCookie, cookie).code(204).send();
  });
}
