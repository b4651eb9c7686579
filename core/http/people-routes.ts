/** Accounts and tokens: who may do what stands in access/roles.ts. */
import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { route } from '../../src/web/route.ts';
import { findPerson } from '../access/people.ts';
import { requireRole } from '../access/roles.ts';
import { sendLink } from '../access/sign-in-links.ts';
import { createToken, endToken, listTokens } from '../access/tokens.ts';
import { changeUser, createUser, listUsers, removeUser } from '../access/users.ts';
import { nameIds } from '../audit/name-ids.ts';
import { listActs, verifyActs } from '../audit/read-acts.ts';
import { createEnrolment, listEnrolments, withdrawEnrolment } from '../registry/enrol.ts';
import type { CoreApp, CoreDeps } from './app.ts';
import { checkChange } from './check-change.ts';

export function peopleRoutes(app: CoreApp, deps: CoreDeps): void {
  userRoutes(app, deps);
  enrolmentRoutes(app, deps);
  tokenRoutes(app, deps);
}

function userRoutes(app: CoreApp, { db, issuer, mailer, log }: CoreDeps): void {
  route(app, coreApiOperations.createUser, async (request, reply) => {
    const person = await findPerson(db, request);
    return reply.code(201).send(await createUser(db, person, request.body));
  });

  route(app, coreApiOperations.listUsers, async (request) => ({
    items: await listUsers(db, await findPerson(db, request)),
  }));

  route(app, coreApiOperations.changeUser, async (request, reply) => {
    const person = await findPerson(db, request);
    checkChange(request.body);
    await changeUser(db, person, request.params.id, request.body);
    return reply.code(204).send();
  });

  route(app, coreApiOperations.sendLink, async (request) =>
    sendLink({ db, issuer, mailer, log }, await findPerson(db, request), request.params.id),
  );

  route(app, coreApiOperations.removeUser, async (request, reply) => {
    await removeUser(db, await findPerson(db, request), request.params.id);
    return reply.code(204).send();
  });
}

function enrolmentRoutes(app: CoreApp, { db }: CoreDeps): void {
  route(app, coreApiOperations.createEnrolment, async (request, reply) => {
    const person = await findPerson(db, request);
    return reply.code(201).send(await createEnrolment(db, person, request.body));
  });

  route(app, coreApiOperations.listEnrolments, async (request) => ({
    items: await listEnrolments(db, await findPerson(db, request)),
  }));

  route(app, coreApiOperations.withdrawEnrolment, async (request, reply) => {
    await withdrawEnrolment(db, await findPerson(db, request), request.params.id);
    return reply.code(204).send();
  });
}

function tokenRoutes(app: CoreApp, { db }: CoreDeps): void {
  route(app, coreApiOperations.createToken, async (request, reply) => {
    const person = await findPerson(db, request);
    requireRole(person, 'make and end tokens');
    return reply.code(201).send(await createToken(db, person, request.body));
  });

  route(app, coreApiOperations.listTokens, async (request) => {
    requireRole(await findPerson(db, request), 'make and end tokens');
    return { items: await listTokens(db) };
  });

  route(app, coreApiOperations.endToken, async (request, reply) => {
    const person = await findPerson(db, request);
    requireRole(person, 'make and end tokens');
    await endToken(db, person, request.params.id);
    return reply.code(204).send();
  });

  route(app, coreApiOperations.listActs, async (request) => {
    requireRole(await findPerson(db, request), 'read the audit log');
    const items = await listActs(db, request.query);
    return { items, names: await nameIds(db, items) };
  });

  route(app, coreApiOperations.verifyActs, async (request) => {
    requireRole(await findPerson(db, request), 'read the audit log');
    return verifyActs(db, request.query.head);
  });
}
