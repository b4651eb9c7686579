/** Accounts: the operator makes users, both make enrolment tokens. */
import { z } from 'zod';
import { AlfredError } from '../../src/kernel/errors.ts';
import { createUser, findPerson, type Person } from '../access/people.ts';
import { createEnrolment } from '../registry/enrol.ts';
import type { CoreApp, CoreDeps } from './app.ts';

const loginSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@+-]{0,63}$/, 'use lower-case letters, digits and . _ @ + -');
export const labelSchema = z
  .string()
  .regex(/^[\p{L}\p{N} ._-]{0,60}$/u, 'use up to 60 letters, digits, spaces and . _ -');

/** @throws AlfredError E_FORBIDDEN */
export function requireOperator({ userId }: Person): void {
  if (userId !== null) throw new AlfredError('E_FORBIDDEN', "This needs the operator's token");
}

export function peopleRoutes(app: CoreApp, { db }: CoreDeps): void {
  app.post(
    '/v1/users',
    {
      schema: {
        body: z.strictObject({
          login: loginSchema,
          password: z.string().min(12, 'use at least 12 characters').max(200),
        }),
      },
    },
    async (request, reply) => {
      requireOperator(await findPerson(db, request));
      return reply.code(201).send(await createUser(db, request.body));
    },
  );

  app.get('/v1/users', async (request) => {
    requireOperator(await findPerson(db, request));
    const users = await db.prisma.user.findMany({ orderBy: { login: 'asc' } });
    return {
      items: users.map(({ id, login, createdAt, suspendedAt }) => ({
        id,
        login,
        createdAt: createdAt.toISOString(),
        suspended: suspendedAt !== null,
      })),
    };
  });

  app.patch(
    '/v1/users/:id',
    { schema: { params: z.object({ id: z.guid() }), body: z.strictObject({ suspended: z.boolean() }) } },
    async (request, reply) => {
      requireOperator(await findPerson(db, request));
      const { count } = await db.prisma.user.updateMany({
        where: { id: request.params.id },
        data: { suspendedAt: request.body.suspended ? new Date() : null },
      });
      if (count === 0) throw new AlfredError('E_NOT_FOUND', 'There is no such user');
      return reply.code(204).send();
    },
  );

  app.post(
    '/v1/enrollments',
    {
      schema: {
        body: z
          .strictObject({ label: labelSchema.default(''), userId: z.guid().optional() })
          .default({ label: '' }),
      },
    },
    async (request, reply) => {
      const person = await findPerson(db, request);
      const { label, userId } = request.body;
      if (userId !== undefined && userId !== person.userId) requireOperator(person);
      const ownerId = userId ?? person.userId;
      if (ownerId !== null && !(await db.prisma.user.findUnique({ where: { id: ownerId } }))) {
        throw new AlfredError('E_NOT_FOUND', 'There is no such user');
      }
      return reply.code(201).send(await createEnrolment(db, { ownerId, label }));
    },
  );
}
