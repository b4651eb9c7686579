/** Signing in: programs get a bearer, Core's own page gets a cookie that no script can read. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { checkSameOrigin } from '../../src/web/same-origin.ts';
import { coreCookie, findPerson, sessionOf, signIn, signInOperator } from '../access/people.ts';
import type { CoreApp, CoreDeps } from './app.ts';

const passwordSchema = z.strictObject({ login: z.string().max(64), password: z.string().max(200) });
const operatorSchema = z.strictObject({ operatorToken: z.string().max(100) });

export function sessionRoutes(app: CoreApp, { db, issuer, attemptsPerMinute = 10 }: CoreDeps): void {
  const config = { rateLimit: { max: attemptsPerMinute, timeWindow: 60_000 } };
  // Host-only: without a domain, the cookie goes to this host alone.
  const cookie = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: issuer.startsWith('https:'),
  } as const;

  app.post('/v1/session', { config, schema: { body: passwordSchema } }, async (request, reply) =>
    reply.code(201).send(await signIn(db, request.body)),
  );

  app.post(
    '/v1/session/cookie',
    { config, schema: { body: z.union([passwordSchema, operatorSchema]) } },
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
  );

  app.get('/v1/session', async (request) => sessionOf(await findPerson(db, request)));

  app.delete('/v1/session', async (request, reply): Promise<FastifyReply> => {
    const { tokenId, expiresAt } = await findPerson(db, request);
    // The operator's own token is no session: it is ended by removing its file and its row.
    if (expiresAt !== null) {
      await db.prisma.accessToken.update({ where: { id: tokenId }, data: { revokedAt: new Date() } });
    }
    return reply.clearCookie(coreCookie, cookie).code(204).send();
  });
}
