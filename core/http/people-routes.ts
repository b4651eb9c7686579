/** Accounts: the operator makes users, both make enrolment tokens. */
import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { route } from '../../src/web/route.ts';
import { createUser, findPerson, type Person } from '../access/people.ts';
import { createEnrolment } from '../registry/enrol.ts';
import type { CoreApp, CoreDeps } from './app.ts';

/** @throws AlfredError E_FORBIDDEN */
function requireOperator({ userId }: Person): void {
  if (userId !== null) throw new AlfredError('E_FORBIDDEN', "This needs the operator's token");
}

export function peopleRoutes(app: CoreApp, { db }: CoreDeps): void {
  route(app, coreApiOperations.createUser, async (request, reply) => {
    requireOperator(await findPerson(db, request));
    return reply.code(201).send(await createUser(db, request.body));
  });

  route(app, coreApiOperations.listUsers, async (request) => {
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

  route(app, coreApiOperations.changeUser, async (request, reply) => {
    requireOperator(await findPerson(db, request));
    const { count } = await db.prisma.user.updateMany({
      where: { id: request.params.id },
      data: { suspendedAt: request.body.suspended ? new Date() : null },
    });
    if (count === 0) throw new AlfredError('E_NOT_FOUND', 'There is no such user');
    return reply.code(204).send();
  });

  route(app, coreApiOperations.createEnrolment, async (request, reply) => {
    const person = await findPerson(db, request);
    const { label, userId } = request.body;
    if (userId !== undefined && userId !== person.userId) requireOperator(person);
    const ownerId = userId ?? person.userId;
    if (ownerId !== null && !(await db.prisma.user.findUnique({ where: { id: ownerId } }))) {
      throw new AlfredError('E_NOT_FOUND', 'There is no such user');
    }
    return reply.code(201).send(await createEnrolment(db, { ownerId, label }));
  });
}
